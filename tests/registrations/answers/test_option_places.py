"""Options with places of their own: counted, waited for, promoted and changed like any other pool."""

from __future__ import annotations

import pytest
from flask import Flask

from eventreg.campaigns.inputs import NewPool
from eventreg.campaigns.plan import copying
from eventreg.campaigns.plan.questions import QuestionInput, Rewording
from eventreg.campaigns.question_kinds import OptionInput
from eventreg.campaigns.rules import PoolScope
from eventreg.campaigns.service import get_campaign
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.registrations import answered_questions
from eventreg.registrations.capacity import change_places
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage
from tests.rig.mailbox import newest
from tests.rig.options import Ride, as_input, ride
from tests.rig.plans import do, facts

A, B, OWN = "1 号车", "2 号车", "自己去"


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing with thirty places."""
    return cast.set_stage(app, capacity=30)


@pytest.fixture
def buses(app: Flask, stage: Stage) -> Ride:
    """Two buses with one place each, and a way without a bound."""
    return ride(app, stage, {A: 1, B: 1, OWN: None})


def test_each_option_gives_as_many_places_as_it_has(app: Flask, buses: Ride) -> None:
    for who, option in (("A1", A), ("B2", A), ("C3", B), ("D4", OWN), ("E5", OWN)):
        buses.sign_up(app, who, option)

    assert sight.places(app) == {
        "A1": "seated", "B2": "waiting", "C3": "seated", "D4": "seated", "E5": "seated",
    }  # fmt: skip
    assert buses.taken(app) == {A: (1, 1), B: (1, 1)}
    assert sight.drift(app) == []


def test_who_chooses_nothing_takes_from_no_option(app: Flask, buses: Ride) -> None:
    buses.sign_up(app, "A1")

    assert buses.taken(app) == {A: (0, 1), B: (0, 1)}


def test_a_freed_place_of_an_option_goes_to_who_waits_for_it(app: Flask, buses: Ride) -> None:
    for who, option in (("A1", A), ("C3", B), ("B2", B), ("D4", A)):
        buses.sign_up(app, who, option)

    cast.withdraw(app, buses.stage, "A1")

    assert sight.places(app) == {"A1": "withdrawn", "B2": "waiting", "C3": "seated", "D4": "seated"}
    assert "registration.passed_over" in sight.audit_actions(app)
    assert buses.taken(app) == {A: (1, 1), B: (1, 1)}
    assert sight.drift(app) == []


def test_several_options_are_taken_all_or_none(app: Flask, stage: Stage) -> None:
    both = ride(app, stage, {A: 2, B: 1}, kind="choices")
    both.sign_up(app, "A1", A, B)
    both.sign_up(app, "B2", A, B)

    assert sight.places(app) == {"A1": "seated", "B2": "waiting"}
    assert both.taken(app) == {A: (1, 2), B: (1, 1)}

    cast.withdraw(app, stage, "A1")

    assert sight.places(app) == {"A1": "withdrawn", "B2": "seated"}
    assert both.taken(app) == {A: (1, 2), B: (1, 1)}


def test_more_places_of_an_option_seat_the_next_at_once(app: Flask, buses: Ride) -> None:
    for who in ("A1", "B2", "C3"):
        buses.sign_up(app, who, A)

    buses.change(app, {A: 2, B: 1, OWN: None})

    assert sight.places(app) == {"A1": "seated", "B2": "seated", "C3": "waiting"}
    assert sight.letters(app)[-1][0] == "registration_promoted"
    assert sight.drift(app) == []


def test_fewer_places_of_an_option_cancel_nobody_and_admit_nobody(app: Flask, buses: Ride) -> None:
    buses.change(app, {A: 2, B: 1, OWN: None})
    for who in ("A1", "B2", "C3"):
        buses.sign_up(app, who, A)

    buses.change(app, {A: 1, B: 1, OWN: None})
    cast.withdraw(app, buses.stage, "A1")

    assert sight.places(app) == {"A1": "withdrawn", "B2": "seated", "C3": "waiting"}
    assert buses.taken(app)[A] == (1, 1)


def test_places_that_come_later_count_who_holds_the_option_already(app: Flask, buses: Ride) -> None:
    for who in ("A1", "B2"):
        buses.sign_up(app, who, OWN)

    buses.change(app, {A: 1, B: 1, OWN: 3})

    assert buses.taken(app)[OWN] == (2, 3)
    assert sight.drift(app) == []


def test_places_that_are_taken_away_let_everybody_in(app: Flask, buses: Ride) -> None:
    for who in ("A1", "B2", "C3"):
        buses.sign_up(app, who, A)

    buses.change(app, {A: None, B: 1, OWN: None})

    assert set(sight.places(app).values()) == {"seated"}
    assert buses.taken(app) == {B: (0, 1)}
    assert sight.drift(app) == []


def test_an_option_that_people_hold_is_not_taken_away(app: Flask, buses: Ride) -> None:
    buses.sign_up(app, "A1", A)
    buses.sign_up(app, "B2", A)

    with pytest.raises(Refused, match="plan.option_held") as refused:
        buses.change(app, {B: 1, OWN: None})

    assert refused.value.facts == {"field": f"option_{buses.code(app, A)}", "label": A, "count": 2}
    assert buses.taken(app) == {A: (1, 1), B: (0, 1)}


def test_an_option_that_only_withdrawn_people_held_goes_and_keeps_its_words(app: Flask, buses: Ride) -> None:
    buses.sign_up(app, "A1", A)
    cast.withdraw(app, buses.stage, "A1")

    buses.change(app, {B: 1, OWN: None})

    found = buses.question(app)
    assert [option.label for option in found.offered] == [B, OWN]
    assert [(option.label, option.gone) for option in found.options if option.gone] == [(A, True)]
    assert buses.taken(app) == {B: (0, 1)}


def test_a_corrected_label_keeps_its_code_and_its_places(app: Flask, buses: Ride) -> None:
    buses.sign_up(app, "A1", A)
    found, code = buses.question(app), buses.code(app, A)
    options = (OptionInput("南门 1 号车", 1, code), OptionInput(B, 1, buses.code(app, B)))
    better = as_input(found, (*options, OptionInput(OWN, None, buses.code(app, OWN))))

    with pytest.raises(Refused, match="plan.correction_or_new"):
        do(app, "outing", answered_questions.change, found.id, better)
    do(app, "outing", answered_questions.change, found.id, better, meant=Rewording.CORRECTION)

    assert buses.code(app, "南门 1 号车") == code
    assert buses.taken(app) == {"南门 1 号车": (1, 1), B: (0, 1)}


def test_another_question_in_its_place_leaves_no_pool_behind(app: Flask, buses: Ride) -> None:
    for who in ("A1", "B2"):
        buses.sign_up(app, who, A)
    found = buses.question(app)
    options = (OptionInput("3 号车", 5), OptionInput("4 号车", 5))
    other = QuestionInput("choice", "回来坐几号车", "", False, options=options)

    do(app, "outing", answered_questions.change, found.id, other, meant=Rewording.NEW_QUESTION)

    pools = facts(app, "outing").pools
    assert {(p.question_key, p.capacity, p.taken) for p in pools if p.option} == {("q2", 5, 0)}
    assert sight.places(app) == {"A1": "seated", "B2": "seated"}
    assert sight.drift(app) == []


@pytest.mark.parametrize("answered", [True, False])
def test_a_question_that_is_asked_no_longer_leaves_no_pool_behind(
    app: Flask, buses: Ride, answered: bool
) -> None:
    if answered:
        buses.sign_up(app, "A1", A)
        buses.sign_up(app, "B2", A)

    do(app, "outing", answered_questions.retire, buses.question(app).id)

    assert [str(pool.scope) for pool in facts(app, "outing").pools] == ["total"]
    assert set(sight.places(app).values()) <= {"seated"}
    assert sight.drift(app) == []


def test_the_page_of_places_leaves_the_places_of_options_alone(app: Flask, buses: Ride) -> None:
    seen = facts(app, "outing").version
    with app.app_context(), unit_of_work():
        bounds = [NewPool(PoolScope.TOTAL, 20)]
        change_places(buses.stage.campaign_id, bounds, seen=seen, actor=acting("test", NOW, buses.stage.keys))

    assert buses.taken(app) == {A: (0, 1), B: (0, 1)}


def test_a_copy_has_the_options_and_their_places(app: Flask, buses: Ride) -> None:
    with app.app_context():
        copy = copying.copy_of(get_campaign("outing"), slug="copy", title="再来一次")

    asked = next(q for q in copy.questions if q.label == buses.label)
    assert [option.label for option in asked.options] == [A, B, OWN]
    assert {(p.question_key, p.option, p.capacity) for p in copy.bounds} == {
        (asked.key, "o1", 1), (asked.key, "o2", 1),
    }  # fmt: skip


def test_nothing_changes_without_a_change(app: Flask, buses: Ride) -> None:
    before = facts(app, "outing").version

    buses.change(app, {A: 1, B: 1, OWN: None})

    assert facts(app, "outing").version == before


def test_places_that_somebody_else_has_changed_meanwhile_are_left_alone(app: Flask, buses: Ride) -> None:
    found = buses.question(app)
    asked = as_input(found, tuple(OptionInput(o.label, 9, o.code) for o in found.offered))
    with app.app_context(), pytest.raises(Refused, match="plan.changed_meanwhile"), unit_of_work():
        answered_questions.change(
            buses.stage.campaign_id, found.id, asked, seen=0, actor=acting("test", NOW, buses.stage.keys)
        )

    assert buses.taken(app) == {A: (0, 1), B: (0, 1)}


def test_the_letter_of_the_waiting_list_says_which_option_is_full(app: Flask, buses: Ride) -> None:
    buses.sign_up(app, "A1", A)
    buses.sign_up(app, "C3", A)

    told = newest(app, "registration_waiting", now=NOW)

    assert told is not None
    assert ("在等的选项", A) in told.facts
