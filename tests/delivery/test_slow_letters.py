"""A batch while one of its letters waits: attempts counted as letters begin, the rest given back, slow letters put off."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from flask_mail import Message
from sqlalchemy import update

from eventreg.core.db.session import db, unit_of_work
from eventreg.delivery import holding
from eventreg.outbox import claims, pausing
from eventreg.outbox.models import Letter, Postbox
from eventreg.outbox.rules import OPEN, ClosedDomains, Lane, PauseReason, SendOutcome
from tests.outbox.test_claims import LONG_AGO, Watching, noon, queue
from tests.rig.actors import acting
from tests.rig.cast import NOW

from .mail_rig import states
from .test_letters import deliver_all

__all__ = ["noon", "queue"]  # fixtures


def test_an_attempt_is_counted_when_a_letter_begins(queue: Flask) -> None:
    """A kill after the second letter began leaves no attempt on those that were not tried."""
    with queue.app_context():
        with unit_of_work():
            batch = claims.claim("killed", Lane.ORDINARY, now=NOW, most=4)
        holding.settled(
            [batch[0]], SendOutcome.ACCEPTED, trouble="", worker="killed", following=(batch[1], Lane.ORDINARY)
        )
    left = [tries for _state, tries in states(queue).values()]
    with queue.app_context(), unit_of_work():
        db.session.execute(update(Letter).where(Letter.state == "claimed").values(claimed_until=LONG_AGO))
    deliver_all(queue)

    assert ([letter.attempts for letter in batch], left) == ([1, 1, 1, 1], [1, 1, 0, 0, 0])
    assert [tries for _state, tries in states(queue).values()] == [1, 2, 1, 1, 1]


def test_a_letter_does_not_begin_once_it_is_lost_or_the_lane_stopped(queue: Flask) -> None:
    with queue.app_context():
        with unit_of_work():
            mine, hers, late = claims.claim("one", Lane.ORDINARY, now=NOW, most=3)
            db.session.execute(update(Letter).where(Letter.id == hers.id).values(claimed_by="two"))
            db.session.execute(update(Letter).where(Letter.id == late.id).values(claimed_until=LONG_AGO))
        with unit_of_work():
            going = [claims.begin(letter, "one", Lane.ORDINARY) for letter in (mine, hers, late)]
        with unit_of_work():
            pausing.pause(PauseReason.TROUBLE, actor=acting("test", NOW))
        with unit_of_work():
            going.append(claims.begin(mine, "one", Lane.ORDINARY))

    assert going == [True, False, False, False]


def test_a_letter_that_waits_too_long_gives_the_rest_of_its_batch_back(
    queue: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked at while the first letter is still under way; then the others go, each with one attempt."""
    monkeypatch.setattr(holding, "STALLS_AFTER", timedelta(seconds=0.2))

    def wait(_message: Message) -> list[tuple[str, int]]:
        found = list(states(queue).values())
        while not going.seen and len({state for state, _tries in found}) == 1:
            threading.Event().wait(0.05)
            found = list(states(queue).values())
        return found

    going = Watching(queue, [], wait)
    queue.extensions["eventreg.delivery"] = going
    deliver_all(queue)

    assert going.seen[0] == [("claimed", 1), *[("queued", 0)] * 4]
    assert list(states(queue).values()) == [("sent", 1)] * 5


def test_a_closed_domain_is_left_out_and_a_hurried_one_but_for_its_slow_letters(queue: Flask) -> None:
    with queue.app_context():
        with unit_of_work():
            one = update(Letter).where(Letter.address == "x2@example.cn")
            db.session.execute(one.values(address="x2@Other_1.cn"))
        with unit_of_work():
            [slow] = claims.claim("one", Lane.ORDINARY, now=NOW)
            claims.put_off(slow, "one")
        shut = ClosedDomains(frozenset({"example.cn"}))
        hurried = ClosedDomains(frozenset({"other_1.cn"}), frozenset({"example.cn"}))
        with unit_of_work():
            got = [
                [letter.address for letter in claims.claim(name, Lane.ORDINARY, now=NOW, most=9, shut=it)]
                for name, it in (("hurried", hurried), ("other", shut), ("any", OPEN))
            ]

    others = [f"x{n}@example.cn" for n in (3, 4, 5)]
    assert got == [others, ["x2@Other_1.cn"], ["x1@example.cn"]]
    assert states(queue)["x1@example.cn"] == ("claimed", 1)


def test_turns_of_a_rate_are_given_back_with_the_letters(queue: Flask) -> None:
    def turns(*, give_back: bool) -> list[int]:
        with queue.app_context(), unit_of_work():
            db.session.execute(update(Postbox).values(next_at=None))
            batch = claims.claim("one", Lane.ORDINARY, now=NOW, most=3, rate=30)
            claims.release(batch[1:], "one", begun=None, rate=30 if give_back else None)
            again = claims.claim("two", Lane.ORDINARY, now=NOW, most=9, rate=30)
            claims.release([*batch[:1], *again], "one")
            fresh = {"state": "queued", "claimed_by": None, "claimed_until": None, "in_file": False}
            db.session.execute(update(Letter).values(**fresh))
            return [len(batch), len(again)]

    assert [turns(give_back=True), turns(give_back=False)] == [[3, 2], [3, 0]]
