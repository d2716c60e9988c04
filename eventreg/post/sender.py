"""Claim letters, word them, hand them over, settle them: two lanes, no transaction while talking."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable
from datetime import timedelta

from flask import Flask, current_app

from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db import committed, db, unit_of_work
from eventreg.core.errors import Busy, Refused
from eventreg.core.keys import Keys
from eventreg.outbox import claims
from eventreg.outbox.rules import Lane, Outcome, is_expired
from eventreg.outbox.service import Claimed
from eventreg.words.locale import speaking

from . import letters, mailer
from .holding import held
from .letters import Stale
from .mailer import Delivery, Handed

log = logging.getLogger("eventreg.post")

IDLE = timedelta(seconds=15)  # how long a lane sleeps when nobody wakes it
LINGER = timedelta(seconds=3)  # how long a line is kept for what may come
GRACE = timedelta(seconds=25)  # what the end waits for a letter in hand
BATCH = {Lane.CODES: 1, Lane.ORDINARY: 50}  # letters claimed at once
SETTLING = threading.Event()  # never set: waits between tries to settle


def worker_name() -> str:
    """Names this process in claims and leases."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(3)}"


def never() -> bool:
    """Nobody asks to stop."""
    return False


def deliver_next(worker: str, lane: Lane, *, keep: bool = False, stopping: Callable[[], bool] = never) -> int:
    """Deliver the next letters of a lane, as many as one claim takes; how many were dealt with.

    0 when nothing can go now: none is due, or there is no server; then the line is hung up, unless
    the caller keeps it. Of each letter a kill after the server's 250 and before the settling
    repeats it under the same Message-ID, no more (law 11).
    """
    delivery: Delivery = current_app.extensions["eventreg.delivery"]
    dealt = 0
    if claims.is_due(lane, now=utc_now()):
        with unit_of_work():
            batch = claims.claim(worker, lane, now=utc_now(), most=BATCH[lane], rate=delivery.rate)
        dealt = _deliver(batch, worker, lane, stopping) if batch else 0
    db.session.rollback()
    if not dealt and not keep:
        delivery.hang_up()
    return dealt


def _deliver(batch: list[Claimed], worker: str, lane: Lane, stopping: Callable[[], bool]) -> int:
    """One after the other; what cannot go any more is given back untried."""
    with held(batch, worker):
        for n, letter in enumerate(batch):
            going = not stopping() and claims.may_go(letter, worker, lane)
            if going:
                handed = _hand_over(letter)
                _settle(letter, handed, worker)
                going = handed.reached
            if not going:
                with unit_of_work():
                    claims.release(batch[n:], worker)
                return 0
    return len(batch)


def _hand_over(letter: Claimed) -> Handed:
    keys: Keys = current_app.extensions["eventreg.keys"]
    settings: Settings = current_app.extensions["eventreg.settings"]
    delivery: Delivery = current_app.extensions["eventreg.delivery"]
    if is_expired(letter.expires_at, now=utc_now()):
        return Handed(Outcome.EXPIRED)
    try:
        with speaking(letter.locale):
            content = letters.word(letter, keys=keys, base_url=settings.base_url, now=utc_now())
            message = mailer.compose(
                content, letter.address, message_id=letter.message_id, posted_at=letter.posted_at
            )
    except (Stale, Refused):
        return Handed(Outcome.STALE, "overtaken")
    except ValueError as error:
        return Handed(Outcome.REFUSED, str(error))
    except Exception as error:
        # Our own fault: the letter steps back, so that it holds up nobody behind it.
        log.exception("post.not_worded", extra={"letter": letter.id, "kind": letter.kind})
        return Handed(Outcome.LATER, type(error).__name__)
    finally:
        db.session.rollback()  # nothing stays open while talking to a server
    return delivery.hand_over(message, letter.message_id, now=utc_now())


def _settle(letter: Claimed, handed: Handed, worker: str) -> None:
    """Write down what the server said, however often the database has to be asked.

    Nothing else comes first: a letter that was taken and is not settled would go once more.
    """
    while True:
        try:
            with unit_of_work():
                claims.settle(letter, handed.outcome, worker=worker, now=utc_now(), trouble=handed.trouble)
            return
        except Busy:
            log.warning("post.not_settled_yet", extra={"letter": letter.id})
            SETTLING.wait(1)


class Sender:
    """One thread a lane; woken by this process's commits, and by itself now and then."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.worker = worker_name()
        self.bells = {lane: threading.Event() for lane in Lane}
        self.stopping = False
        self.threads = [
            threading.Thread(target=self._run, args=(lane,), name=f"post-{lane.name.lower()}", daemon=True)
            for lane in Lane
        ]

    def start(self) -> None:
        """Begin to send."""
        committed.connect(self.wake, weak=False)
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """Finish the letters in hand and end the threads."""
        self.stopping = True
        committed.disconnect(self.wake)
        self.wake()
        for thread in self.threads:
            thread.join(timeout=GRACE.total_seconds())

    def wake(self, _sender: object = None) -> None:
        """Something was committed: there may be a letter.

        Not so where a lane itself settled or gave back: without a server it would try the next letter
        at once, and the next, instead of resting.
        """
        if not self.stopping and threading.current_thread() in self.threads:
            return
        for bell in self.bells.values():
            bell.set()

    def _run(self, lane: Lane) -> None:
        bell, linger = self.bells[lane], LINGER.total_seconds()
        while not self.stopping:
            bell.clear()
            nap = self._round(lane)
            if not bell.wait(min(nap, linger)) and nap > linger:
                self._hang_up()
                bell.wait(nap - linger)
        self._hang_up()

    def _round(self, lane: Lane) -> float:
        """Deliver what is due; the seconds to sleep after it."""
        try:
            with self.app.app_context():
                while not self.stopping and deliver_next(
                    self.worker, lane, keep=True, stopping=lambda: self.stopping
                ):
                    pass
                paced = self._delivery.rate is not None and claims.is_due(lane, now=utc_now())
        except Busy:
            return 1
        except Exception:
            log.exception("post.lane_failed", extra={"lane": lane.name})
            return 5
        return (LINGER if paced else IDLE).total_seconds()

    @property
    def _delivery(self) -> Delivery:
        delivery: Delivery = self.app.extensions["eventreg.delivery"]
        return delivery

    def _hang_up(self) -> None:
        self._delivery.hang_up()
