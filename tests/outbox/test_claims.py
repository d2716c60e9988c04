"""Claims: taken in batches, renewed while a server is silent, given back, lost; and the pause."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask_mail import Message
from sqlalchemy import select, text, update

from eventreg.accounts import sign_in_codes
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.delivery import holding
from eventreg.delivery.mail.mailer import HandoverResult
from eventreg.delivery.sender import deliver_next
from eventreg.outbox import claims, pausing
from eventreg.outbox.models import Letter
from eventreg.outbox.rules import Lane, PauseReason, SendOutcome
from eventreg.outbox.service import oldest_due
from tests.delivery.mail_rig import post_letters, states
from tests.delivery.test_letters import deliver_all
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage

LONG_AGO = NOW - timedelta(days=400)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """The sender reads the clock: let it read the cast's instant."""
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def queue(app: Flask, stage: Stage) -> Flask:
    """Five letters that are due, x1 to x5."""
    cast.sign_up(app, stage, "A1")
    deliver_all(app)
    post_letters(app, stage, "A1", 5)
    return app


@dataclass
class Watching:
    """A delivery that looks around while a letter is under way, and says what it was told to."""

    app: Flask
    seen: list[object]
    look: object
    outcome: SendOutcome = SendOutcome.ACCEPTED
    rate: int | None = None

    def hand_over(self, message: Message, message_id: str, *, now: datetime) -> HandoverResult:
        self.seen.append(self.look(message))  # type: ignore[operator]
        return HandoverResult(self.outcome)

    def hang_up(self) -> None:
        """There is no line."""


def claimed(app: Flask, worker: str, most: int) -> list[str]:
    """Claim and say whose letters it got."""
    with app.app_context():
        with unit_of_work():
            got = claims.claim(worker, Lane.ORDINARY, now=NOW, most=most)
        return [letter.address.split("@")[0] for letter in got]


def test_a_batch_is_claimed_in_order_and_nothing_twice(queue: Flask) -> None:
    assert [claimed(queue, "one", 3), claimed(queue, "two", 9), claimed(queue, "three", 9)] == [
        ["x1", "x2", "x3"],
        ["x4", "x5"],
        [],
    ]


def test_a_claim_that_ran_out_is_free_and_one_that_was_renewed_is_not(queue: Flask) -> None:
    claimed(queue, "one", 2)
    with queue.app_context(), unit_of_work():
        db.session.execute(update(Letter).values(claimed_until=LONG_AGO))
        first = db.session.scalar(select(Letter.id).where(Letter.address == "x1@example.cn")) or 0
        claims.renew([first], "one")
        claims.renew([first + 1], "somebody else")

    assert claimed(queue, "two", 9) == ["x3", "x4", "x5", "x2"]


def test_what_was_not_tried_is_given_back_untried(queue: Flask) -> None:
    with queue.app_context(), unit_of_work():
        batch = claims.claim("one", Lane.ORDINARY, now=NOW, most=3)
        claims.release(batch[1:], "one")

    assert [tries for _state, tries in states(queue).values()] == [1, 0, 0, 0, 0]
    assert claimed(queue, "two", 9) == ["x2", "x3", "x4", "x5"]


def test_a_letter_whose_claim_was_lost_does_not_go(queue: Flask) -> None:
    with queue.app_context():
        with unit_of_work():
            mine, hers, late = claims.claim("one", Lane.ORDINARY, now=NOW, most=3)
            one = update(Letter).where(Letter.id == hers.id)
            db.session.execute(one.values(claimed_by="two"))
            db.session.execute(update(Letter).where(Letter.id == late.id).values(claimed_until=LONG_AGO))

        assert [claims.may_go(one, "one", Lane.ORDINARY) for one in (mine, hers, late)] == [
            True,
            False,
            False,
        ]


def test_claims_are_renewed_while_the_server_is_silent(queue: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The claims run out while the first letter is under way; it waits until somebody has renewed them."""

    def wait(_message: Message) -> bool:
        if going.seen:
            return True
        with queue.app_context():
            with unit_of_work():
                db.session.execute(update(Letter).values(claimed_until=LONG_AGO))
            for _ in range(600):
                if not abandoned():
                    return True
                threading.Event().wait(0.05)
        return False

    def abandoned() -> int:
        old = select(Letter.id).where(Letter.state == "claimed", Letter.claimed_until == LONG_AGO)
        found = len(db.session.scalars(old).all())
        db.session.rollback()
        return found

    monkeypatch.setattr(holding, "RENEWED", timedelta(seconds=0.05))
    going = Watching(queue, [], wait)
    queue.extensions["eventreg.delivery"] = going
    deliver_all(queue)

    assert going.seen == [True] * 5
    assert set(states(queue).values()) == {("sent", 1)}


def test_no_transaction_is_open_while_a_letter_is_under_way(queue: Flask) -> None:
    with queue.app_context():
        on_postgresql = db.engine.dialect.name == "postgresql"

    def look(_message: Message) -> tuple[bool, int, list[object]]:
        busy = "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle' AND backend_type = 'client backend'"  # not who tidies up
        session = db.session.registry()
        open_, out = session.in_transaction(), db.engine.pool.checkedout()  # type: ignore[attr-defined]
        if not on_postgresql:
            return open_, out, []
        with db.engine.connect() as connection:
            return open_, out, list(connection.execute(text(busy)).scalars())

    watching = Watching(queue, [], look)
    queue.extensions["eventreg.delivery"] = watching
    deliver_all(queue)

    assert watching.seen == [(False, 0, [])] * 5


def test_a_letter_is_not_sent_once_it_has_expired(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    deliver_all(app)
    post_letters(app, stage, "A1", 2, expires_at=NOW + timedelta(seconds=90))
    watching = Watching(app, [], lambda message: str(message.recipients[0]), SendOutcome.LATER)
    app.extensions["eventreg.delivery"] = watching
    deliver_all(app)
    first = states(app)
    with time_machine.travel(NOW + timedelta(seconds=90), tick=False):
        deliver_all(app)

    assert first == {"x1@example.cn": ("queued", 1), "x2@example.cn": ("queued", 1)}
    assert states(app) == {"x1@example.cn": ("expired", 2), "x2@example.cn": ("expired", 2)}
    assert watching.seen == ["x1@example.cn", "x2@example.cn"]


def test_a_code_past_its_life_expires_with_nothing_left_of_it(app: Flask, stage: Stage) -> None:
    with app.app_context(), unit_of_work():
        sign_in_codes.ask("a1@example.cn", address="127.0.0.1", locale="zh-CN", keys=stage.keys, now=NOW)
    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        deliver_all(app)

    with app.app_context():
        letter = db.session.query(Letter).one()
        assert (letter.state, letter.sealed, letter.sent_at) == ("expired", None, None)


def test_paused_letters_wait_and_codes_go(queue: Flask, stage: Stage) -> None:
    with queue.app_context():
        with unit_of_work():
            pausing.pause(PauseReason.WRONG, actor=acting("test", NOW))
        with unit_of_work():
            sign_in_codes.ask("a1@example.cn", address="127.0.0.1", locale="zh-CN", keys=stage.keys, now=NOW)
    deliver_all(queue)
    with queue.app_context():
        waiting = oldest_due(now=NOW + timedelta(hours=1))
    stood = sight.letters(queue)[1:]
    with queue.app_context(), unit_of_work():
        pausing.resume(actor=acting("test", NOW))
    deliver_all(queue)

    assert waiting is None
    assert stood == [("registration_seated", "queued")] * 5 + [("sign_in_code", "sent")]
    assert {state for _kind, state in sight.letters(queue)} == {"sent"}
    assert sight.audit_actions(queue, "letters.") == ["letters.paused", "letters.resumed"]


def test_a_pause_stops_a_batch_that_is_under_way(queue: Flask) -> None:
    def pause(_message: Message) -> None:
        with queue.app_context(), unit_of_work():
            pausing.pause(PauseReason.TROUBLE, actor=acting("test", NOW))

    watching = Watching(queue, [], pause)
    queue.extensions["eventreg.delivery"] = watching
    with queue.app_context():
        deliver_next("one", Lane.ORDINARY)

    assert list(states(queue).values()) == [("sent", 1), *[("queued", 0)] * 4]


def test_pausing_twice_changes_nothing_and_says_so(app: Flask) -> None:
    with app.app_context():
        with unit_of_work():
            first = [
                pausing.pause(PauseReason.RESTORED, actor=acting("one", NOW)),
                pausing.pause(PauseReason.OTHER, actor=acting("two", NOW)),
            ]
        found = pausing.find_pause()
        with unit_of_work():
            then = [pausing.resume(actor=acting("one", NOW)), pausing.resume(actor=acting("one", utc_now()))]

        assert first == [True, False]
        assert then == [True, False]
        assert not pausing.is_paused()
        assert found == pausing.PauseFacts(NOW, "one", PauseReason.RESTORED)
