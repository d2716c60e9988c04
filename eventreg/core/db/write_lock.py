"""The write lock: SQLite's writers queue at a lock file (law 2), in the order in which they asked.

`busy_timeout` alone polls: single commits then waited up to three seconds. A blocking lock on a file serves
writers in order. Each acquisition opens the file anew, because threads that share a descriptor would share
the lock. The threads of one process queue among themselves, and only the first of them waits at the file:
the kernel wakes all who wait there, in no order. A writer that ends hands the file on inside its process
if the next thread there has waited longer than the writer that waits at the file (ADR 27, 31).
"""

from __future__ import annotations

import fcntl
import os
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from eventreg.core.errors import Busy
from eventreg.core.request_slots import FairSlots

PATIENCE = 5.0  # seconds from entry until the write lock and the database's own lock are held
AT_ONCE, BRIEF = 0.0, 0.1  # seconds, for writes that may be skipped
SINCE = struct.Struct("=d")  # since when the writer at the file has waited, by the clock all processes share
NOBODY = 0.0
AHEAD = 0.02  # seconds by which the next thread of this process must have waited longer


class WriterQueue(FairSlots):
    """The writers of this process for one lock file; the first of them holds its lock or waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self._held: tuple[int, int] | None = None  # descriptors of the turnstile and of the lock

    def acquire(self, lock_file: Path, *, since: float, wait: bool) -> None:
        """Take the lock that all processes share, unless this process was handed it already. Raises Busy."""
        if self._held is not None:
            return
        held = _open(lock_file.with_suffix(".gate")), _open(lock_file)
        try:
            _wait_at_file(*held, since=since, wait=wait)
        except BaseException:
            _close(held)
            raise
        self._held = held

    def leave(self) -> None:
        """Give the slot to the next thread of this process, with the file's lock or without it."""
        with self._guard:
            if self._held is not None and not self._next_waits_here(self._held[0]):
                _close(self._held)
                self._held = None
            self._hand_on()

    def _next_waits_here(self, turnstile: int) -> bool:
        at_the_file = _read_since(turnstile)
        return bool(self._queue) and at_the_file != NOBODY and self._queue[0].since + AHEAD < at_the_file


_queues: dict[Path, WriterQueue] = {}  # by their lock file


@contextmanager
def hold_write_lock(lock_file: Path, *, patience: float | None = None) -> Iterator[float]:
    """Wait for the write lock and hold it for the block; yields the seconds of patience that are left.

    Raises Busy when they are used up. They are counted from entry, so behind a writer that waits for
    another lock the whole queue gives up at once and not one after the other.
    With AT_ONCE there is no queueing: Busy is raised if anybody else holds the lock or waits for it.
    """
    since = time.monotonic()
    until = since + (PATIENCE if patience is None else patience or BRIEF)
    queue = _queues.setdefault(lock_file, WriterQueue())
    with queue.slot(patience=PATIENCE if patience is None else patience):
        queue.acquire(lock_file, since=since, wait=patience != AT_ONCE)
        left = until - time.monotonic()
        if left <= 0:
            raise Busy("the queue of writers is too long")
        yield left


def _wait_at_file(turnstile: int, descriptor: int, *, since: float, wait: bool) -> None:
    """Only one process waits at the lock itself, the others wait at the turnstile.

    So a process that has just written cannot take the lock again before the process that was woken for it.
    """
    how = fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB
    try:
        fcntl.flock(turnstile, how)
        if wait:
            _write_since(turnstile, since)
        fcntl.flock(descriptor, how)
        if wait:
            _write_since(turnstile, NOBODY)
        fcntl.flock(turnstile, fcntl.LOCK_UN)
    except BlockingIOError:
        raise Busy("somebody else is writing") from None


def _write_since(turnstile: int, since: float) -> None:
    """Record since when the writer at the lock has waited; a full disk loses the order, not the lock."""
    with suppress(OSError):
        os.pwrite(turnstile, SINCE.pack(since), 0)


def _read_since(turnstile: int) -> float:
    """Since when the writer at the lock has waited, or NOBODY.

    The record of a process that died there stays until the next writer overwrites it. The lock is then
    released more often than needed, and the next writer takes it at once.
    """
    raw = os.pread(turnstile, SINCE.size, 0)
    return float(SINCE.unpack(raw)[0]) if len(raw) == SINCE.size else NOBODY


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _close(held: tuple[int, int]) -> None:
    for descriptor in held:
        os.close(descriptor)
