"""A clock that is set back holds nothing: letters, claims, turns of robots, codes, what was last seen.

Letters are written by a clock that is two hours or three days fast; then it is put right. The controls take the cure
away and see that they wait.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import ColumnElement, and_, false, select, update

from eventreg.accounts import sessions, sign_in_codes
from eventreg.chat import pacing
from eventreg.core.db.session import db, unit_of_work
from eventreg.outbox import claims, due
from eventreg.outbox.database_clock import database_now
from eventreg.outbox.models import Letter
from eventreg.outbox.rules import CLAIM, Lane, LetterState, SendOutcome
from eventreg.outbox.service import oldest_due
from tests.delivery.mail_rig import post_letters, states
from tests.delivery.test_letters import deliver_all
from tests.rig import cast
from tests.rig.cast import NOW, Stage

from .test_claims import Watching

SENT = ("sent", 1)
FAST = [timedelta(hours=2), timedelta(days=3)]


@pytest.fixture(autouse=True)
def put_right() -> Iterator[None]:
    """The clock as it is once it was put right."""
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture(params=FAST, ids=["two hours", "three days"])
def fast(request: pytest.FixtureRequest) -> timedelta:
    """How fast the clock was."""
    return timedelta(seconds=request.param.total_seconds())


@pytest.fixture
def without_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    """The conditions as they were: an instant ahead is waited for, whatever it is."""

    def abandoned() -> ColumnElement[bool]:
        return and_(Letter.state == LetterState.CLAIMED, Letter.claimed_until < database_now())

    monkeypatch.setattr(due, "ahead", lambda _now: false())
    monkeypatch.setattr(due, "abandoned", abandoned)


def write(app: Flask, stage: Stage, fast: timedelta) -> None:
    """By the fast clock: x1 waits for another try, x2 is claimed, x3 is queued."""
    cast.sign_up(app, stage, "A1")
    deliver_all(app)
    with time_machine.travel(NOW + fast, tick=False):
        post_letters(app, stage, "A1", 3, now=NOW + fast)
        with app.app_context():
            with unit_of_work():
                first, _second = claims.claim("killed", Lane.ORDINARY, now=NOW + fast, most=2)
            with unit_of_work():
                claims.settle(first, SendOutcome.LATER, worker="killed", now=NOW + fast)
                # The database's clock is the machine's: no test can set it.
                ends = update(Letter).where(Letter.state == "claimed")
                db.session.execute(ends.values(claimed_until=database_now(CLAIM + fast)))


def test_queued_claimed_and_retrying_letters_go_at_once(app: Flask, stage: Stage, fast: timedelta) -> None:
    write(app, stage, fast)
    deliver_all(app)

    assert states(app) == {
        "x1@example.cn": ("sent", 2), "x2@example.cn": SENT, "x3@example.cn": SENT,
    }  # fmt: skip


@pytest.mark.usefixtures("without_cure")
def test_without_the_cure_they_wait(app: Flask, stage: Stage, fast: timedelta) -> None:
    write(app, stage, fast)
    deliver_all(app)
    held = {state for state, _tries in states(app).values()}
    with app.app_context():
        age = oldest_due(now=NOW)

    assert (held, age) == ({"queued", "claimed"}, None)


def test_what_is_held_counts_as_waiting(app: Flask, stage: Stage, fast: timedelta) -> None:
    write(app, stage, fast)
    with app.app_context():
        age = oldest_due(now=NOW)
    answer = app.test_client().get("/readyz")

    assert age is not None
    assert age >= fast
    assert answer.status_code == 503
    assert answer.get_json()["outbox_age_s"] >= fast.total_seconds()


def test_the_log_names_the_jump(
    app: Flask, stage: Stage, fast: timedelta, caplog: pytest.LogCaptureFixture
) -> None:
    write(app, stage, fast)
    with caplog.at_level(logging.WARNING, logger="eventreg.outbox"):
        deliver_all(app)
    told = [r for r in caplog.records if r.message == "outbox.clock_was_set_back"]

    assert told
    assert abs(max(vars(r)["seconds"] for r in told) - fast.total_seconds()) < 120


def test_a_small_step_back_frees_no_claim_and_hurries_no_retry(app: Flask, stage: Stage) -> None:
    """An ordinary claim and a retry of a few minutes are what they were."""
    cast.sign_up(app, stage, "A1")
    deliver_all(app)
    post_letters(app, stage, "A1", 2)
    with app.app_context():
        with unit_of_work():
            first, second = claims.claim("one", Lane.ORDINARY, now=NOW, most=2)
        with unit_of_work():
            claims.settle(first, SendOutcome.LATER, worker="one", now=NOW)
            ends = update(Letter).where(Letter.id == second.id)
            db.session.execute(ends.values(claimed_until=database_now(CLAIM + timedelta(seconds=1))))
        with unit_of_work():
            again = claims.claim("two", Lane.ORDINARY, now=NOW - timedelta(minutes=5), most=9)

    assert again == []


def test_a_retry_is_never_further_ahead_than_half_an_hour(app: Flask, stage: Stage, fast: timedelta) -> None:
    write(app, stage, fast)
    app.extensions["eventreg.delivery"] = Watching(app, [], lambda _m: None, SendOutcome.LATER)
    deliver_all(app)
    with app.app_context():
        instants = db.session.scalars(select(Letter.due_at).where(Letter.state == "queued")).all()

    assert len(instants) == 3
    assert max(instants) <= NOW + timedelta(minutes=31)


def test_a_robots_letters_are_waited_for_no_longer(app: Flask, stage: Stage, fast: timedelta) -> None:
    """A robot's turn and its letters ask the same conditions."""
    write(app, stage, fast)
    with app.app_context():
        some_robot = pacing._waiting(NOW)
        told = str(some_robot.compile(db.engine))

    assert "posted_at" in told
    assert "claimed_until" in told


def test_a_code_from_before_lives_no_longer_than_its_ten_minutes(
    app: Flask, stage: Stage, fast: timedelta
) -> None:
    def tries(now: datetime) -> bool:
        with app.app_context(), unit_of_work():
            return bool(sign_in_codes.count_tries(browser, "sign_in", now=now))

    with app.app_context(), unit_of_work():
        browser = sign_in_codes.ask("A1", address="::1", locale="zh-CN", keys=stage.keys, now=NOW + fast)

    assert [tries(NOW + fast), tries(NOW)] == [True, False]


def test_a_wait_from_before_keeps_nobody_waiting(app: Flask, stage: Stage, fast: timedelta) -> None:
    with app.app_context():
        for now in (NOW + fast, NOW):
            with unit_of_work():
                assert sign_in_codes.ask("A1", address="::1", locale="zh-CN", keys=stage.keys, now=now)


def test_a_session_from_before_is_noted_as_seen_and_opens_no_privileged_door(
    app: Flask, stage: Stage, fast: timedelta
) -> None:
    token = cast.begin_session(app, stage.people["A1"], now=NOW + fast)
    with app.app_context():
        then, now = (sessions.find_visitor(token, now=at) for at in (NOW + fast, NOW))

    assert then.elevated is True
    assert then.touch_due is False
    assert now.signed_in is True
    assert now.elevated is False
    assert now.touch_due is True
