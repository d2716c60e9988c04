"""A moved date asks everybody with a place to confirm; silence of whoever was reached gives the place to the next."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.campaigns import date_changes
from eventreg.campaigns import service as campaigns
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Refused
from eventreg.outbox.models import Letter
from eventreg.people import service as people
from eventreg.registrations import participants
from eventreg.registrations.confirming import overview, rules, silence
from eventreg.registrations.confirming import service as confirming
from eventreg.registrations.confirming.overview import Silence
from eventreg.registrations.confirming.rules import ConfirmFor
from eventreg.registrations.rules import RegistrationState
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import DAY, NOW, Stage

from .morning import (
    A_DAY,
    EVENING,
    HOUR,
    SEVEN,
    accept,
    asked,
    bounce,
    confirm,
    ended,
    keep_running,
    live,
    move,
    run,
)


def letters_to(app: Flask, kind: str) -> Counter[str]:
    """How many letters of a kind are in which state."""
    return Counter(state for found, state in sight.letters(app) if found == kind)


def test_a_move_of_two_parts_is_one_letter_a_person_and_asks_who_has_a_place(
    app: Flask, stage: Stage
) -> None:
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)

    moved = move(app, note="明天有雨")

    assert (moved.letters, moved.asked) == (3, 2)
    assert asked(app) == dict.fromkeys(("A1", "B2"), ("move", EVENING))
    with app.app_context():
        letters = db.session.scalars(select(Letter).where(Letter.kind == "activity_changed")).all()
        changes = date_changes.list_changes(stage.campaign_id)
    assert [len(letter.facts["parts"]) for letter in letters] == [2, 2, 2]
    assert [(change.confirm_by, change.note, len(change.was)) for change in changes] == [
        (EVENING, "明天有雨", 2)
    ]
    assert sight.audit_actions(app)[-1] == "campaign.confirmation_asked"


def test_who_confirms_keeps_the_place_and_who_was_reached_and_is_silent_loses_it(
    app: Flask, stage: Stage
) -> None:
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    move(app)
    accept(app, SEVEN)
    keep_running(app, SEVEN - HOUR, EVENING - HOUR / 2)
    first, again = confirm(app, stage, "A1", SEVEN + HOUR), confirm(app, stage, "A1", SEVEN + 2 * HOUR)

    before = sight.places(app)
    run(app, EVENING)

    assert first == again
    assert before == {"A1": "seated", "B2": "seated", "C3": "waiting"}
    assert sight.places(app) == {"A1": "seated", "B2": "withdrawn", "C3": "seated"}
    assert ended(app) == {"B2": "silent"}
    assert letters_to(app, "registration_withdrawn") == letters_to(app, "place_offered") == Counter(queued=1)
    assert sight.drift(app) == []


@pytest.mark.parametrize("looks", [True, False], ids=["whoever comes first", "control"])
def test_a_sign_up_ends_what_silence_has_ended_before_it_is_placed(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch, looks: bool
) -> None:
    """B2 was silent and C3 waits; E5 comes before the job runs again, and queues behind C3."""
    moved_at, until = NOW + A_DAY, NOW + 2 * A_DAY
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    move(app, confirm_by=until, now=moved_at)
    accept(app, moved_at)
    keep_running(app, moved_at, until - HOUR / 2)
    confirm(app, stage, "A1", moved_at + HOUR)
    if not looks:
        honest = participants.get_newcomer
        monkeypatch.setattr(
            participants, "get_newcomer", lambda *who, now: replace(honest(*who, now=now), unanswered=False)
        )

    newcomer = cast.sign_up(app, stage, "E5", now=until)

    assert (newcomer.state, newcomer.position) == ("waiting", 1 if looks else 2)
    assert [sight.places(app)[who] for who in ("B2", "C3")] == (
        ["withdrawn", "seated"] if looks else ["seated", "waiting"]
    )
    assert sight.drift(app) == []


def test_at_the_instant_itself_it_is_too_late_and_the_button_ends_it(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    move(app)
    accept(app, SEVEN)
    keep_running(app, SEVEN - HOUR, EVENING - HOUR / 2)

    late = confirm(app, stage, "A1", EVENING)

    assert (late.state, late.confirmed_at) == (RegistrationState.WITHDRAWN, None)
    assert ended(app) == {"A1": "silent", "B2": "silent"}
    assert sight.places(app)["C3"] == "seated"


@pytest.fixture
def thirty(app: Flask) -> Stage:
    """Thirty people have places, one of them, D4, without a mailbox; seven more wait."""
    stage = cast.set_stage(app, capacity=30, extra=36)
    cast.sign_up(app, stage, "D4")
    for n in range(1, 37):
        cast.sign_up(app, stage, f"X{n:04d}")
    return stage


def risk_two(app: Flask, stage: Stage) -> set[str]:
    """Of 30 one has no mailbox, one letter bounced, mail is down for five; who has lost the place after the evening."""
    down = {f"X{n:04d}" for n in range(2, 7)}
    with app.app_context(), unit_of_work():
        team = people.find_unit("城关供电所/运维一班")
        grants.grant(stage.people["E5"], Role.UNIT_CONTACT, unit_id=team, actor=acting("test", SEVEN - HOUR))
    move(app)
    accept(app, SEVEN, but=down)
    bounce(app, "X0001", SEVEN + HOUR)
    keep_running(app, SEVEN - HOUR, EVENING - HOUR / 2)
    for n in range(7, 27):
        confirm(app, stage, f"X{n:04d}", SEVEN + HOUR)
    accept(app, EVENING - HOUR)  # the server is back, too late for an answer
    run(app, EVENING)
    return set(ended(app))


def test_exactly_the_silent_who_were_reached_lose_their_places(app: Flask, thirty: Stage) -> None:
    lost = risk_two(app, thirty)

    with app.app_context():
        found = campaigns.campaign_by_id(thirty.campaign_id)
        lines = overview.list_open(found, now=EVENING)
        figures = overview.figures_of(found, ConfirmFor.MOVE, now=EVENING)
    unreached = ["D4", *(f"X{n:04d}" for n in range(1, 7))]
    assert lost == {"X0027", "X0028", "X0029"}
    assert [(line.staff_no, line.why) for line in lines if line.why is not Silence.RUNNING] == [
        ("D4", Silence.NO_MAILBOX),
        *((who, Silence.UNREACHED) for who in unreached[1:]),
    ]
    assert figures == overview.ConfirmFigures(30, 20, 0, 3, 0, 7, 7, EVENING)
    assert letters_to(app, "colleagues_unreached").total() == 1
    with app.app_context(), unit_of_work():
        by_hand = confirming.confirm_by_hand(
            live(app, thirty, "D4"), thirty.campaign_id, actor=acting("person:1", EVENING)
        )
    assert by_hand.confirmed_at == EVENING
    assert sight.audit_actions(app)[-1] == "registration.confirmed"


def test_the_control_without_reach_punishes_the_unreached(
    app: Flask, thirty: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(silence, "was_reached", lambda *_args, **_how: True)

    assert len(risk_two(app, thirty)) == 10


def test_a_second_move_asks_everybody_again(app: Flask, thirty: Stage) -> None:
    """Moved at 07:00 to the 5th until 18:00, at 09:00 to the 6th until 20:00: only the second letter counts."""
    evening = DAY + 20 * HOUR
    keep_running(app, SEVEN - HOUR, SEVEN)
    move(app)
    accept(app, SEVEN, but={"X0003"})
    confirm(app, thirty, "X0001", SEVEN + HOUR)
    move(app, 2, confirm_by=evening, now=SEVEN + 2 * HOUR)
    accept(app, SEVEN + 3 * HOUR, but={"X0002", "X0003"})
    keep_running(app, SEVEN - HOUR, EVENING)
    at_eighteen = ended(app)
    accept(app, DAY + 14 * HOUR + HOUR / 2)
    keep_running(app, EVENING, evening)

    lost = set(ended(app))
    assert at_eighteen == {}
    assert "X0001" in lost  # had confirmed the first date only
    assert {"X0002", "X0003", "D4"}.isdisjoint(lost)
    assert len(lost) == 27


def test_another_date_without_a_question_ends_the_old_one_and_another_place_does_not(
    app: Flask, stage: Stage
) -> None:
    for who in ("A1", "B2"):
        cast.sign_up(app, stage, who)
    move(app)
    move(app, confirm_by=None, now=SEVEN + HOUR)  # the same date again: nothing differs
    still = asked(app)
    move(app, 2, confirm_by=None, now=SEVEN + 2 * HOUR)

    assert still == dict.fromkeys(("A1", "B2"), ("move", EVENING))
    assert asked(app) == {}


def test_less_than_seven_hours_is_asked_about_and_lapses_nobody(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    soon = SEVEN + 6 * HOUR

    with pytest.raises(Refused, match="plan.confirm_too_soon"):
        move(app, confirm_by=soon)
    move(app, confirm_by=soon, meant=True)
    accept(app, SEVEN + HOUR / 60)
    keep_running(app, SEVEN - HOUR, soon + HOUR)

    assert ended(app) == {}


def test_after_a_gap_of_over_an_hour_nobody_lapses_for_a_day_unless_the_organiser_says(
    app: Flask, stage: Stage
) -> None:
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    move(app, 4)
    accept(app, SEVEN)
    keep_running(app, SEVEN - HOUR, EVENING - 2 * HOUR)

    run(app, EVENING + HOUR / 2)  # the server was down for two and a half hours
    held = ended(app)
    keep_running(app, EVENING + HOUR, EVENING + A_DAY)
    a_day_later = ended(app)
    run(app, EVENING + HOUR / 2 + A_DAY)

    assert held == a_day_later == {}
    assert ended(app) == {"A1": "silent", "B2": "silent"}


def test_the_organiser_ends_the_held_places_at_once(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    move(app, 4)
    accept(app, SEVEN)
    keep_running(app, SEVEN - HOUR, EVENING - 2 * HOUR)
    run(app, EVENING + HOUR / 2)

    with app.app_context(), unit_of_work():
        count = confirming.end_held(stage.campaign_id, actor=acting("person:1", EVENING + HOUR, stage.keys))

    assert (count, ended(app)) == (2, {"A1": "silent", "B2": "silent"})
    assert sight.places(app)["C3"] == "seated"


def test_the_control_that_forgets_gaps_ends_the_places_at_once(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "GAP", 1000 * HOUR)
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    move(app, 4)
    accept(app, SEVEN)
    keep_running(app, SEVEN - HOUR, EVENING - 2 * HOUR)

    run(app, EVENING + HOUR / 2)

    assert ended(app) == {"A1": "silent", "B2": "silent"}


def test_nothing_is_moved_past_the_day_until_which_data_may_be_kept(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")

    with pytest.raises(Refused, match="plan.moved_past_retention"):
        move(app, 101)
    assert asked(app) == {}
