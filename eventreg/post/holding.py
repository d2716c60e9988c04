"""Hold the claims of a batch while somebody works on it, and settle them: a silent server may take ten minutes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from flask import Flask, current_app

from eventreg.core.clock import utc_now
from eventreg.core.db import unit_of_work
from eventreg.core.errors import Busy
from eventreg.outbox import claims
from eventreg.outbox.rules import CLAIM, Outcome
from eventreg.outbox.service import Claimed

log = logging.getLogger("eventreg.post")

SETTLING = threading.Event()  # never set: waits between tries to settle
RENEWED = CLAIM / 3  # how often: two may be missed


@contextmanager
def held(letters: Sequence[Claimed], worker: str) -> Iterator[None]:
    """Renew the claims on these letters until the block ends, each time in a unit of its own.

    A thread does it, for the worker's own sits in the conversation with the server. When the
    process dies it dies too, and the claims run out.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    done = threading.Event()
    ids = [letter.id for letter in letters]
    keeper = threading.Thread(target=_renew, args=(app, ids, worker, done), name="post-claims", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()


def settled(letters: Sequence[Claimed], outcome: Outcome, *, trouble: str, worker: str) -> None:
    """Write down what the server said of these, in one unit, however often the database has to be asked.

    Nothing else comes first: a letter that was taken and is not settled would go once more.
    """
    while True:
        try:
            with unit_of_work():
                for letter in letters:
                    claims.settle(letter, outcome, worker=worker, now=utc_now(), trouble=trouble)
            return
        except Busy:
            log.warning("post.not_settled_yet", extra={"letters": [letter.id for letter in letters]})
            SETTLING.wait(1)


def _renew(app: Flask, ids: list[int], worker: str, done: threading.Event) -> None:
    while not done.wait(RENEWED.total_seconds()):
        try:
            with app.app_context(), unit_of_work():
                claims.renew(ids, worker)
        except Busy:
            log.info("post.claims_not_renewed")
        except Exception:
            log.exception("post.claims_not_renewed")
