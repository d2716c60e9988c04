"""Sign-up, waiting list, withdrawal: what is written, and that nothing else is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.registrations import reading
from eventreg.registrations import service as registrations
from eventreg.registrations.service import SignUpResult
from eventreg.season import withdrawing
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import BEGUN, CLOSES, NOW, Stage


def test_the_first_get_places_and_the_rest_wait_in_order(app: Flask, stage: Stage) -> None:
    receipts = [cast.sign_up(app, stage, who) for who in ("A1", "B2", "C3", "D4")]

    assert [(r.state, r.arrival, r.position) for r in receipts] == [
        ("seated", 1, None),
        ("seated", 2, None),
        ("waiting", 3, 1),
        ("waiting", 4, 2),
    ]
    assert sight.counters(app) == {"waiting": 2, "last_arrival": 4, "taken": 2}


def test_each_sign_up_has_its_letter_and_audit_row(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2", "C3", "D4"):
        cast.sign_up(app, stage, who)

    assert sight.letters(app) == [
        ("registration_seated", "queued"),
        ("registration_seated", "queued"),
        ("registration_waiting", "queued"),
        ("registration_waiting", "withheld"),
    ]
    assert sight.audit_actions(app, "registration") == ["registration.registered"] * 4


def test_withdrawal_seats_the_longest_waiting_and_tells_both(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2", "C3", "E5"):
        cast.sign_up(app, stage, who)

    cast.withdraw(app, stage, "A1")

    assert sight.places(app) == {"A1": "withdrawn", "B2": "seated", "C3": "seated", "E5": "waiting"}
    assert [kind for kind, _ in sight.letters(app)][-2:] == [
        "registration_withdrawn",
        "registration_promoted",
    ]
    assert sight.audit_actions(app, "registration")[-2:] == [
        "registration.withdrawn",
        "registration.promoted",
    ]
    assert sight.drift(app) == []


def test_who_left_while_waiting_gets_no_place_and_holds_up_nobody(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2", "C3", "E5"):
        cast.sign_up(app, stage, who)
    sight.leave(app, stage.people["C3"])

    cast.withdraw(app, stage, "A1")
    assert sight.places(app) == {"A1": "withdrawn", "B2": "seated", "C3": "withdrawn", "E5": "seated"}
    assert [kind for kind, _ in sight.letters(app)][-2:] == [
        "registration_withdrawn",
        "registration_promoted",
    ]
    cast.withdraw(app, stage, "B2")

    assert cast.sign_up(app, stage, "F6").state == "seated"
    assert sight.counters(app) == {"waiting": 0, "last_arrival": 5, "taken": 2}
    assert sight.drift(app) == []


def test_withdrawal_from_the_list_moves_the_others_up(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2", "C3", "E5", "F6"):
        cast.sign_up(app, stage, who)

    cast.withdraw(app, stage, "C3")

    with app.app_context():
        mine = reading.find_live(stage.campaign_id, stage.people["F6"])
    assert mine is not None
    assert (mine.state, mine.position) == ("waiting", 2)
    assert sight.drift(app) == []


def test_asking_twice_gives_the_same_registration(app: Flask, stage: Stage) -> None:
    first = cast.sign_up(app, stage, "A1", key="k1")
    with_the_key = cast.sign_up(app, stage, "A1", key="k1")
    with_another = cast.sign_up(app, stage, "A1", key="k2")

    assert {first.id, with_the_key.id, with_another.id} == {first.id}
    assert [first.created, with_the_key.created, with_another.created] == [True, False, False]
    assert sight.counters(app) == {"waiting": 0, "last_arrival": 1, "taken": 1}


def test_an_old_request_sent_again_after_withdrawal_takes_no_new_place(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1", key="k1")
    cast.withdraw(app, stage, "A1")

    again = cast.sign_up(app, stage, "A1", key="k1")

    assert again.state == "withdrawn"
    assert again.created is False
    assert sight.places(app) == {"A1": "withdrawn"}


def test_the_same_key_for_something_else_is_refused(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1", key="k1")
    other = cast.application(stage, "A1", key="k1")

    with app.app_context(), pytest.raises(Refused, match="request.other_body"), unit_of_work():
        registrations.register(
            stage.campaign_id,
            _with(other, {1: "13800138000"}),
            actor=acting(stage.people["A1"], NOW, stage.keys),
        )


def test_signing_up_again_after_withdrawal_gets_a_new_number(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1", key="k1")
    cast.withdraw(app, stage, "A1")

    again = cast.sign_up(app, stage, "A1", key="k2")

    assert (again.state, again.arrival) == ("seated", 2)
    assert sight.drift(app) == []


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (NOW - timedelta(seconds=1), "registration.not_open_yet"),
        (CLOSES, "registration.closed"),
        (CLOSES + timedelta(days=1), "registration.closed"),
    ],
)
def test_outside_the_window_nothing_is_written(app: Flask, stage: Stage, at: object, code: str) -> None:
    before = sight.audit_actions(app)

    with pytest.raises(Refused, match=code):
        cast.sign_up(app, stage, "A1", now=at)  # type: ignore[arg-type]

    assert (sight.places(app), sight.letters(app), sight.audit_actions(app)) == ({}, [], before)


def test_the_last_second_of_the_window_counts(app: Flask, stage: Stage) -> None:
    receipt = cast.sign_up(app, stage, "A1", now=CLOSES - timedelta(seconds=1))

    assert receipt.state == "seated"


def test_once_the_day_has_begun_nobody_withdraws(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")

    with pytest.raises(Refused, match="registration.started"):
        cast.withdraw(app, stage, "A1", now=BEGUN)

    assert sight.places(app) == {"A1": "seated"}


def test_somebody_elses_registration_is_not_there(app: Flask, stage: Stage) -> None:
    receipt = cast.sign_up(app, stage, "A1")

    with app.app_context(), pytest.raises(NotFound), unit_of_work():
        withdrawing.withdraw(receipt.id, person_id=stage.people["B2"], actor=acting("test", NOW, stage.keys))


def test_withdrawing_twice_changes_nothing_more(app: Flask, stage: Stage) -> None:
    receipt = cast.sign_up(app, stage, "A1")
    for _ in range(2):
        with app.app_context(), unit_of_work():
            withdrawing.withdraw(
                receipt.id, person_id=stage.people["A1"], actor=acting("test", NOW, stage.keys)
            )

    assert [kind for kind, _ in sight.letters(app)] == ["registration_seated", "registration_withdrawn"]


def test_a_campaign_without_a_bound_seats_everybody(app: Flask) -> None:
    stage = cast.set_stage(app, capacity=None)

    receipts: list[SignUpResult] = [cast.sign_up(app, stage, who) for who in ("A1", "B2", "C3", "D4")]

    assert {r.state for r in receipts} == {"seated"}


def _with(application: registrations.Application, answers: dict[int, str]) -> registrations.Application:
    from dataclasses import replace

    return replace(application, answers=answers)
