"""How many requests a process works on at once: one, in the order in which they arrived.

Python runs one thread at a time. With thirty-two runnable threads the interpreter switches at every
statement; sign-ups then take longer, the slowest by far (ADR 13). So a request waits for a slot before it is
worked on. Its body has been read by then, so a slow phone occupies no slot. A thread that has to wait for a
database lock releases its slot and does not take it again: the work that is left is short.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from .errors import Busy

SLOTS = 1

_of_thread = threading.local()


class FairSlots:
    """A number of slots, given out first come first served."""

    def __init__(self, slots: int = SLOTS) -> None:
        self._free = slots
        self._queue: deque[threading.Event] = deque()
        self._guard = threading.Lock()

    def enter(self, *, patience: float | None = None) -> bool:
        """Wait for a slot; False if none became free within `patience` seconds."""
        with self._guard:
            if self._free and not self._queue:
                self._free -= 1
                return True
            waiter = threading.Event()
            self._queue.append(waiter)
        return waiter.wait(patience) or self._given_meanwhile(waiter)

    def leave(self) -> None:
        """Give the slot to the thread that has waited longest."""
        with self._guard:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._free += 1

    @contextmanager
    def slot(self, *, patience: float) -> Iterator[None]:
        """Hold a slot for a block. Raises Busy if none became free in time."""
        if not self.enter(patience=patience):
            raise Busy("too many wait to write")
        try:
            yield
        finally:
            self.leave()

    def _given_meanwhile(self, waiter: threading.Event) -> bool:
        """Leave the queue, unless the slot was handed over at this very moment."""
        with self._guard:
            if waiter.is_set():
                return True
            self._queue.remove(waiter)
            return False


@contextmanager
def request_slot(slots: FairSlots) -> Iterator[None]:
    """Hold one of the slots for this thread's request, until it ends or calls `release_slot`."""
    slots.enter()
    _of_thread.slots = slots
    try:
        yield
    finally:
        release_slot()


def release_slot() -> None:
    """Release this thread's slot, if it holds one: it is about to wait, or it has ended."""
    held: FairSlots | None = getattr(_of_thread, "slots", None)
    if held is not None:
        _of_thread.slots = None
        held.leave()
