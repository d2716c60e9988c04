"""Hold the claims of a batch while somebody works on it, and settle them: a silent server may take ten minutes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from flask import Flask, current_app

from eventreg.core.clock import ClockWatch, utc_now
from eventreg.core.db import unit_of_work
from eventreg.core.errors import Busy
from eventreg.outbox import claims
from eventreg.outbox.rules import CLAIM, PROMPT, Lane, Outcome
from eventreg.outbox.service import Claimed

log = logging.getLogger("eventreg.post")

SETTLING = threading.Event()  # never set: waits between tries to settle
RENEWED = CLAIM / 3  # how often: two may be missed
STALLS_AFTER = PROMPT  # a letter that waits longer gives the rest of its batch back


class Grip:
    """The claims of one batch, and since when its letter in hand has been under way."""

    def __init__(self, letters: Sequence[Claimed]) -> None:
        self.letters = list(letters)
        self.is_stalled = False
        self._in_hand: Claimed | None = None
        self._since = 0.0
        self._lock = threading.Lock()

    def begin(self, letter: Claimed) -> None:
        """This letter goes now."""
        with self._lock:
            self._in_hand, self._since = letter, time.monotonic()

    def end(self) -> bool:
        """The letter in hand has its answer; returns whether the rest of the batch is still ours."""
        with self._lock:
            self._in_hand = None
            return not self.is_stalled

    def let_go(self) -> tuple[Claimed, list[Claimed]] | None:
        """Once the letter in hand has waited too long: it, and the letters after it, which are ours no longer."""
        with self._lock:
            letter = self._in_hand
            waited = time.monotonic() - self._since
            if letter is None or self.is_stalled or waited < STALLS_AFTER.total_seconds():
                return None
            self.is_stalled = True
            rest = self.letters[self.letters.index(letter) + 1 :]
            self.letters = [letter]
            return letter, rest


OnStall = Callable[[Claimed, list[Claimed]], None]


@contextmanager
def held(letters: Sequence[Claimed], worker: str, *, on_stall: OnStall | None = None) -> Iterator[Grip]:
    """Renew the claims on these letters until the block ends, each time in a unit of its own.

    A thread does it, for the worker's own sits in the conversation with the server. When the
    process dies it dies too, and the claims run out. `on_stall` is called in that thread, once, when the letter
    in hand has waited too long: it is to give the other letters back.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    done, grip = threading.Event(), Grip(letters)
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
    letters: Sequence[Claimed],
    outcome: Outcome,
    *,
    trouble: str,
    worker: str,
    following: tuple[Claimed, Lane] | None = None,
    put_off: bool = False,
) -> bool:
    """Write down what the server said of these, in one unit, however often the database has to be asked.

    Nothing else comes first: a letter that was taken and is not settled would go once more. The attempt of the
    letter that follows is counted in the same unit; returns whether it may go.
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


def _keep(app: Flask, grip: Grip, worker: str, done: threading.Event, on_stall: OnStall | None) -> None:
    """Renew what is held, at once when the clock was set; give the rest back when the letter in hand stalls."""
    look, watch = min(RENEWED, STALLS_AFTER / 4).total_seconds(), ClockWatch()
    renew_at = time.monotonic() + RENEWED.total_seconds()
    while not done.wait(look):
        if on_stall and (stalled := grip.let_go()):
            _give_back(app, stalled, on_stall, done)
        if watch.stepped() is not None or time.monotonic() >= renew_at:
            _renew(app, [letter.id for letter in grip.letters], worker)
            renew_at = time.monotonic() + RENEWED.total_seconds()


def _give_back(
    app: Flask, stalled: tuple[Claimed, list[Claimed]], on_stall: OnStall, done: threading.Event
) -> None:
    """However often the database has to be asked; at the end of the block the claims run out by themselves."""
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
