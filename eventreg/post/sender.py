"""Claim a letter, word it, hand it over, settle it: two lanes, no transaction while talking."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from datetime import timedelta

from flask import Flask, current_app

from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db import committed, db, unit_of_work
from eventreg.core.errors import Busy, Refused
from eventreg.core.keys import Keys
from eventreg.outbox import service as outbox
from eventreg.outbox.rules import Lane, Outcome
from eventreg.outbox.service import Claimed
from eventreg.words.locale import speaking

from . import letters, mailer
from .letters import Stale
from .mailer import Delivery, Handed

log = logging.getLogger("eventreg.post")

IDLE = timedelta(seconds=15)  # how long a lane sleeps when nobody wakes it


def worker_name() -> str:
    """Names this process in claims and leases."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(3)}"


def deliver_next(worker: str, lane: Lane) -> bool:
    """Deliver one due letter of a lane; False when none is due.

    Three steps with nothing open in between: claim, talk, settle. A kill after the server's
    250 and before the settling repeats the letter under the same Message-ID, no more (law 11).
    """
    if not outbox.is_due(lane, now=utc_now()):
        return False
    with unit_of_work():
        letter = outbox.claim(worker, lane, now=utc_now())
    if letter is None:
        return False
    handed = _hand_over(letter)
    db.session.rollback()
    with unit_of_work():
        outbox.settle(letter, handed.outcome, worker=worker, now=utc_now(), trouble=handed.trouble)
    return True


def _hand_over(letter: Claimed) -> Handed:
    keys: Keys = current_app.extensions["eventreg.keys"]
    settings: Settings = current_app.extensions["eventreg.settings"]
    delivery: Delivery = current_app.extensions["eventreg.delivery"]
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
            thread.join(timeout=mailer.TIMEOUT + 5)

    def wake(self, _sender: object = None) -> None:
        """Something was committed: there may be a letter."""
        for bell in self.bells.values():
            bell.set()

    def _run(self, lane: Lane) -> None:
        bell = self.bells[lane]
        while not self.stopping:
            bell.clear()
            try:
                with self.app.app_context():
                    while not self.stopping and deliver_next(self.worker, lane):
                        pass
            except Busy:
                bell.wait(1)
            except Exception:
                log.exception("post.lane_failed", extra={"lane": lane.name})
                bell.wait(5)
            bell.wait(IDLE.total_seconds())
