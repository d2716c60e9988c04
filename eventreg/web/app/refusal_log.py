"""Log requests that a guard or the CSRF check refuses, with a limit of lines a minute."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from contextlib import suppress
from time import monotonic

from flask import request
from sqlalchemy.exc import SQLAlchemyError

from . import current

log = logging.getLogger("eventreg.refusals")

OF_ONE_ADDRESS = 20  # lines a minute
OF_ALL = 300
MINUTE = 60.0


class LineLimit:
    """Counts the lines of the current minute, by address and in total."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._since, self._lines, self._left_out = monotonic(), Counter[str](), 0

    def admits(self, address: str, *, now: float) -> tuple[bool, int]:
        """Whether to write a line about this address, and how many lines were left out in the minute that has just ended."""
        with self._lock:
            left_out = 0
            if now - self._since >= MINUTE:
                left_out, self._left_out = self._left_out, 0
                self._since, self._lines = now, Counter()
            admitted = self._lines[address] < OF_ONE_ADDRESS and self._lines.total() < OF_ALL
            if admitted:
                self._lines[address] += 1
            else:
                self._left_out += 1
            return admitted, left_out


LIMIT = LineLimit()


def note_refusal(why: str) -> None:
    """Log that this request was refused: who asked, for what, from where. Text from the address is not logged: it may be a token."""
    address = request.remote_addr or ""
    admitted, left_out = LIMIT.admits(address, now=monotonic())
    if left_out:
        log.warning("refused.not_logged", extra={"lines": left_out})
    if not admitted:
        return
    person = None
    with suppress(SQLAlchemyError):
        person = current.visitor().person_id
    asked = {
        "why": why,
        "person": person,
        "method": request.method,
        "path": request.url_rule.rule if request.url_rule else "",
        "ids": {name: value for name, value in (request.view_args or {}).items() if isinstance(value, int)},
        "address": address,
    }
    log.warning("refused", extra=asked)
