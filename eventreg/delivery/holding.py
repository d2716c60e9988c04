"""Renew the claims of a batch while a worker sends it, and record results: a silent server may take ten minutes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from flask import Flask, current_app

from eventreg.core.clock import ClockWatch, utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Busy
from eventreg.outbox import claims
from eventreg.outbox.rules import CLAIM, PROMPT, Lane, SendOutcome
from eventreg.outbox.service import ClaimedLetter

log = logging.getLogger("eventreg.post")

SETTLING = threading.Event()  # never set: used to wait between attempts to settle
RENEWED = CLAIM / 3  # seconds between renewals: two may be missed
STALLS_AFTER = PROMPT  # seconds; if a letter waits longer, the rest of its batch is released


class ClaimedBatch:
    """The claims of one batch, and since when its current letter is being sent."""

    def __init__(self, letters: Sequence[ClaimedLetter]) -> None:
        self.letters = list(letters)
        self.is_stalled = False
        self._in_hand: ClaimedLetter | None = None
        self._since = 0.0
        self._lock = threading.Lock()

    def begin(self, letter: ClaimedLetter) -> None:
        """This letter is being sent now."""
        with self._lock:
            self._in_hand, self._since = letter, time.monotonic()

    def end(self) -> bool:
        """The current letter was answered; returns whether the rest of the batch is still claimed by this worker."""
        with self._lock:
            self._in_hand = None
            return not self.is_stalled

    def let_go(self) -> tuple[ClaimedLetter, list[ClaimedLetter]] | None:
        """If the current letter has waited too long: that letter, and the later letters, whose claims are released."""
        with self._lock:
            letter = self._in_hand
            waited = time.monotonic() - self._since
            if letter is None or self.is_stalled or waited < STALLS_AFTER.total_seconds():
                return None
            self.is_stalled = True
            rest = self.letters[self.letters.index(letter) + 1 :]
            self.letters = [letter]
            return letter, rest


OnStall = Callable[[ClaimedLetter, list[ClaimedLetter]], None]


@contextmanager
def held(
    letters: Sequence[ClaimedLetter], worker: str, *, on_stall: OnStall | None = None
) -> Iterator[ClaimedBatch]:
    """Renew the claims on these letters until the block ends, each time in its own unit of work.

    A separate thread does it, because the worker's thread waits for the server. If the process dies, the thread dies
    too and the claims expire. `on_stall` is called once in that thread when the current letter has waited too long;
    it releases the other letters.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    done, grip = threading.Event(), ClaimedBatch(letters)
    keeper = threading.Thread(
        target=_keep, args=(app, grip, worker, done, on_stall), name="post-claims", daemon=True
    )
    keeper.start()
    try:
        yield grip
    finally:
        done.set()
        keeper.join()


def settled(
    letters: Sequence[ClaimedLetter],
    outcome: SendOutcome,
    *,
    trouble: str,
    worker: str,
    following: tuple[ClaimedLetter, Lane] | None = None,
    put_off: bool = False,
) -> bool:
    """Record the results of these letters in one unit of work, retrying while the database is busy.

    This comes before everything else: a letter that was accepted and is not settled would be sent again. The attempt of
    the next letter is counted in the same unit; returns whether that letter may be sent.
    """
    while True:
        try:
            with unit_of_work():
                for letter in letters:
                    if put_off:
                        claims.put_off(letter, worker)
                    else:
                        claims.settle(letter, outcome, worker=worker, now=utc_now(), trouble=trouble)
                return following is not None and claims.begin(following[0], worker, following[1])
        except Busy:
            log.warning("post.not_settled_yet", extra={"letters": [letter.id for letter in letters]})
            SETTLING.wait(1)


def _keep(
    app: Flask, grip: ClaimedBatch, worker: str, done: threading.Event, on_stall: OnStall | None
) -> None:
    """Renew the claims, at once after a clock change; release the rest of the batch when the current letter stalls."""
    look, watch = min(RENEWED, STALLS_AFTER / 4).total_seconds(), ClockWatch()
    renew_at = time.monotonic() + RENEWED.total_seconds()
    while not done.wait(look):
        if on_stall and (stalled := grip.let_go()):
            _give_back(app, stalled, on_stall, done)
        if watch.stepped() is not None or time.monotonic() >= renew_at:
            _renew(app, [letter.id for letter in grip.letters], worker)
            renew_at = time.monotonic() + RENEWED.total_seconds()


def _give_back(
    app: Flask, stalled: tuple[ClaimedLetter, list[ClaimedLetter]], on_stall: OnStall, done: threading.Event
) -> None:
    """Retry while the database is busy; after the end of the block the claims expire by themselves."""
    while not done.is_set():
        try:
            with app.app_context():
                on_stall(*stalled)
            return
        except Busy:
            done.wait(1)
        except Exception:
            log.exception("post.rest_not_given_back")
            return


def _renew(app: Flask, ids: list[int], worker: str) -> None:
    try:
        with app.app_context(), unit_of_work():
            claims.renew(ids, worker)
    except Busy:
        log.info("post.claims_not_renewed")
    except Exception:
        log.exception("post.claims_not_renewed")
