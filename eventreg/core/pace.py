"""How many requests a process works on at once: one, in the order they came.

Python runs one thread at a time. Thirty-two that all want to run hand the interpreter to each other at
every statement; sign-ups then take longer, the slowest by far (ADR 13). So a request waits for
its turn before it is worked on: with its body read, so that a slow phone keeps nobody waiting; and who has
to wait for a lock of the database steps aside and comes back without a turn, for what it does then is short.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from .errors import Busy

SLOTS = 1

_mine = threading.local()


class Called(threading.Event):
    """Who waits in a line, and since when."""

    def __init__(self) -> None:
        super().__init__()
        self.since = time.monotonic()


class Pace:
    """So many at once, first come first served."""

    def __init__(self, slots: int = SLOTS) -> None:
        self._free = slots
        self._line: deque[Called] = deque()
        self._turn = threading.Lock()

    def enter(self, *, patience: float | None = None) -> bool:
        """Wait for a slot; False when none came within `patience` seconds."""
        with self._turn:
            if self._free and not self._line:
                self._free -= 1
                return True
            called = Called()
            self._line.append(called)
        return called.wait(patience) or self._came_meanwhile(called)

    def leave(self) -> None:
        """Hand the slot to who waits longest."""
        with self._turn:
            self._hand_on()

    def _hand_on(self) -> None:
        if self._line:
            self._line.popleft().set()
        else:
            self._free += 1

    @contextmanager
    def slot(self, *, patience: float) -> Iterator[None]:
        """A slot for a block. Raises Busy when none came in time."""
        if not self.enter(patience=patience):
            raise Busy("too many wait to write")
        try:
            yield
        finally:
            self.leave()

    def _came_meanwhile(self, called: Called) -> bool:
        """Out of the line, unless the slot was handed over at this very moment."""
        with self._turn:
            if called.is_set():
                return True
            self._line.remove(called)
            return False


@contextmanager
def working(pace: Pace) -> Iterator[None]:
    """One of the pace's slots for this thread's request, until it is done or steps aside."""
    pace.enter()
    _mine.pace = pace
    try:
        yield
    finally:
        step_aside()


def step_aside() -> None:
    """Give this thread's slot up, if it holds one: it is about to wait, or it is done."""
    held: Pace | None = getattr(_mine, "pace", None)
    if held is not None:
        _mine.pace = None
        held.leave()
