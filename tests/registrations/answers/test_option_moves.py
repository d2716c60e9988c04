"""A change of a chosen option moves the place in one transaction, and the order of arrival is kept."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, update

from eventreg.campaigns.models import Activity
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Refused
from eventreg.core.trail.audit import AuditEntry
from eventreg.registrations.models import Registration
from eventreg.season import leavers
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage
from tests.rig.options import Ride, ride

A, B = "1 号车", "2 号车"
PHONE = "13800138000"


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing with thirty places and six people more."""
    return cast.set_stage(app, capacity=30, extra=6)


@pytest.fixture
def buses(app: Flask, stage: Stage) -> Ride:
    """Two buses with one place each."""
    return ride(app, stage, {A: 1, B: 1})


def arrivals(app: Flask, stage: Stage) -> dict[str, tuple[int, str]]:
    """Arrival number and state by staff number."""
    names = {id_: staff_no for staff_no, id_ in stage.people.items()}
    with app.app_context():
        rows = db.session.execute(select(Registration.person_id, Registration.arrival, Registration.state))
        return {names[person]: (arrival, state) for person, arrival, state in rows}


def test_a_change_frees_the_old_option_and_takes_the_new_one(app: Flask, buses: Ride) -> None:
    buses.sign_up(app, "A1", A)

    assert buses.choose(app, "A1", B)

    assert buses.taken(app) == {A: (0, 1), B: (1, 1)}
    assert sight.places(app) == {"A1": "seated"}
    assert sight.drift(app) == []


def test_the_place_given_up_goes_to_who_waits_for_it_at_once(app: Flask, buses: Ride) -> None:
    buses.sign_up(app, "A1", A)
    buses.sign_up(app, "C3", A)

    buses.choose(app, "A1", B)

    assert sight.places(app) == {"A1": "seated", "C3": "seated"}
    assert buses.taken(app) == {A: (1, 1), B: (1, 1)}
    assert sight.letters(app)[-1][0] == "registration_promoted"


def test_a_full_option_is_refused_at_its_question_and_the_old_one_is_kept(app: Flask, buses: Ride) -> None:
    buses.sign_up(app, "A1", A)
    buses.sign_up(app, "C3", B)

    with pytest.raises(Refused, match="registration.option_full") as refused:
        buses.choose(app, "A1", B, phone=PHONE)

    assert refused.value.facts == {"field": buses.question(app).key, "option": B}
    assert buses.taken(app) == {A: (1, 1), B: (1, 1)}
    assert not buses.choose(app, "A1", A)  # the answers are still the old ones
    assert sight.drift(app) == []


def test_who_holds_a_full_option_changes_only_the_phone_number(app: Flask, buses: Ride) -> None:
    buses.sign_up(app, "A1", A)

    assert buses.choose(app, "A1", A, phone=PHONE)

    assert buses.taken(app) == {A: (1, 1), B: (0, 1)}


def test_who_holds_an_option_with_fewer_places_than_people_keeps_it(app: Flask, buses: Ride) -> None:
    buses.change(app, {A: 2, B: 1})
    buses.sign_up(app, "A1", A)
    buses.sign_up(app, "C3", A)
    buses.change(app, {A: 1, B: 1})

    assert buses.choose(app, "A1", A, phone=PHONE)
    buses.sign_up(app, "D4", B)
    with pytest.raises(Refused, match="registration.option_full"):
        buses.choose(app, "D4", A)

    assert sight.places(app)["A1"] == "seated"


def test_who_waits_and_chooses_a_free_option_is_seated_with_the_same_arrival_number(
    app: Flask, buses: Ride
) -> None:
    buses.sign_up(app, "A1", A)
    buses.sign_up(app, "C3", A)

    buses.choose(app, "C3", B)

    assert arrivals(app, buses.stage) == {"A1": (1, "seated"), "C3": (2, "seated")}
    assert buses.taken(app) == {A: (1, 1), B: (1, 1)}
    assert sight.drift(app) == []


def test_who_waits_and_chooses_another_full_option_keeps_her_place_in_the_order(
    app: Flask, buses: Ride
) -> None:
    """A and B full, 3 waits for B, 4 changes from A to B: the next place of B goes to 3, the one after to 4, before 5."""
    for who, option in (("A1", A), ("B2", B), ("C3", B), ("D4", A), ("E5", B)):
        buses.sign_up(app, who, option)
    buses.choose(app, "D4", B)

    cast.withdraw(app, buses.stage, "B2")
    first = sight.places(app)
    cast.withdraw(app, buses.stage, "C3")

    assert [first[who] for who in ("C3", "D4", "E5")] == ["seated", "waiting", "waiting"]
    assert [sight.places(app)[who] for who in ("D4", "E5")] == ["seated", "waiting"]
    assert sight.drift(app) == []


def test_of_several_options_only_what_differs_moves(app: Flask, stage: Stage) -> None:
    both = ride(app, stage, {A: 1, B: 1, "3 号车": 1}, kind="choices")
    both.sign_up(app, "A1", A, B)
    both.sign_up(app, "B2", "3 号车")

    with pytest.raises(Refused, match="registration.option_full"):
        both.choose(app, "A1", B, "3 号车")
    assert both.taken(app) == {A: (1, 1), B: (1, 1), "3 号车": (1, 1)}

    both.choose(app, "A1", B)
    assert both.taken(app) == {A: (0, 1), B: (1, 1), "3 号车": (1, 1)}


def test_who_no_longer_chooses_frees_the_place(app: Flask, buses: Ride) -> None:
    buses.sign_up(app, "A1", A)

    buses.choose(app, "A1", phone=PHONE)

    assert buses.taken(app) == {A: (0, 1), B: (0, 1)}


def test_while_all_is_called_off_nobody_overtakes_who_waits(app: Flask, buses: Ride) -> None:
    """Nobody moves up while all is called off; so a place of an option that is free then belongs to the waiting list."""
    for who, option in (("A1", A), ("B2", B), ("C3", B)):
        buses.sign_up(app, who, option)
    with app.app_context(), unit_of_work():
        db.session.execute(update(Activity).values(schedule="cancelled"))
    cast.withdraw(app, buses.stage, "B2")

    with pytest.raises(Refused, match="registration.called_off"):
        buses.choose(app, "A1", B)

    assert sight.places(app)["C3"] == "waiting"
    assert buses.taken(app) == {A: (1, 1), B: (0, 1)}


def test_the_audit_trail_says_what_was_given_up_and_taken(app: Flask, buses: Ride) -> None:
    buses.sign_up(app, "A1", A)
    buses.choose(app, "A1", B)

    key = buses.question(app).key
    with app.app_context():
        rows = select(AuditEntry.facts).where(AuditEntry.action == "registration.answers_changed")
        told = list(db.session.scalars(rows))
    assert [(facts["gave_up"], facts["took"]) for facts in told] == [
        ([f"{key}:{buses.code(app, A)}"], [f"{key}:{buses.code(app, B)}"])
    ]


def settle(app: Flask, buses: Ride) -> None:
    """What the job does with people who left or returned."""
    with app.app_context(), unit_of_work():
        leavers.settle(buses.stage.campaign_id, actor=acting("test", NOW, buses.stage.keys))


@pytest.mark.parametrize("taken", [False, True])
def test_who_returns_to_the_company_gets_the_option_back_while_it_is_free(
    app: Flask, buses: Ride, taken: bool
) -> None:
    buses.sign_up(app, "A1", A)
    sight.leave(app, buses.stage.people["A1"])
    settle(app, buses)
    assert buses.taken(app)[A] == (0, 1)
    if taken:
        buses.sign_up(app, "C3", A)

    sight.correct(app, buses.stage.people["A1"], left_at=None)
    settle(app, buses)

    assert sight.places(app)["A1"] == ("withdrawn" if taken else "seated")
    assert buses.taken(app)[A] == (1, 1)
    assert sight.drift(app) == []


def test_the_preview_of_leavers_names_who_gets_the_option(app: Flask, buses: Ride) -> None:
    for who, option in (("A1", A), ("B2", B), ("C3", B), ("D4", A)):
        buses.sign_up(app, who, option)

    with app.app_context():
        found = leavers.foresee({buses.stage.people["A1"]}, now=NOW)

    assert [effect.moving_up for effect in found] == [(cast.NAMES["D4"][0],)]
