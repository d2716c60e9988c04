"""Spread visitors evenly over the workers of one server.

The kernel gives each new connection to a worker by the visitor's port, and there it stays. Of 32 visitors often 20
are with one worker and 12 with the other; the 20 wait nearly twice as long. So a worker that has clearly more
requests on its hands than another ends connections with its answers: a browser opens a new one for what it asks
next, its reader notices nothing, and the kernel draws again (ADR 32).
"""

from __future__ import annotations

import mmap
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

PLACES = 64  # on the board, more than a machine has workers
FEW = 6  # requests at once that a worker has soon done
CLEARLY, PART = 3, 8  # how many more are too many: so many, and so great a part of one's own
CLOSE = ("Connection", "close")


def has_too_many(mine: int, others: Iterable[int]) -> bool:
    """Whether one of the others has clearly fewer requests than this worker."""
    return mine >= FEW and any(other + max(CLEARLY, mine // PART) <= mine for other in others)


class WorkerLoadBoard:
    """Memory that the workers of one server share: the process id of each, and how many requests it has.

    Their parent makes it; a process that is no worker has no place on it.
    """

    def __init__(self) -> None:
        self._said = memoryview(mmap.mmap(-1, PLACES * 2 * 8)).cast("q")
        self._forks = 0
        self._mine: int | None = None
        self._lock = threading.Lock()
        os.register_at_fork(before=self._count_fork)

    def _count_fork(self) -> None:
        self._forks += 1

    def take_place(self) -> None:
        """Take the place of this worker. Each fork has another number, so no two take the same."""
        places = [(self._forks + n) % PLACES * 2 for n in range(PLACES)]
        self._mine = next((place for place in places if not _lives(self._said[place])), None)
        if self._mine is not None:
            self._said[self._mine + 1] = 0
            self._said[self._mine] = os.getpid()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Count one request for as long as the block lasts."""
        self._add(1)
        try:
            yield
        finally:
            self._add(-1)

    def _add(self, one: int) -> None:
        if self._mine is not None:
            with self._lock:
                self._said[self._mine + 1] += one

    def begin_answer(self, start_response: Callable[..., Any]) -> Callable[..., Any]:
        """WSGI's `start_response`; it closes the connection if this worker has too many requests."""

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start_response(status, [*headers, CLOSE] if self._has_too_many() else headers, *more)

        return start

    def _has_too_many(self) -> bool:
        return self._mine is not None and has_too_many(self._said[self._mine + 1], self._others())

    def _others(self) -> Iterator[int]:
        for place in range(0, PLACES * 2, 2):
            if place != self._mine and _lives(self._said[place]):
                yield self._said[place + 1]


def _lives(process: int) -> bool:
    """Whether a process of ours has this number; 0 is nobody's."""
    if process == 0:
        return False
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True
