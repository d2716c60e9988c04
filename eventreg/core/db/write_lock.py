"""The write lock: SQLite's writers queue at a lock file (law 2), in the order in which they asked.

`busy_timeout` alone polls: single commits then waited up to three seconds. A blocking lock on a file serves
writers in order. Each acquisition opens the file anew, because threads that share a descriptor would share
the lock. The threads of one process queue among themselves first come first served, and only the first of them goes to
the file: the kernel wakes all who wait there, in no order.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eventreg.core.errors import Busy
from eventreg.core.request_slots import FairSlots

PATIENCE = 5.0  # seconds from entry until the write lock and the database's own lock are held
AT_ONCE, BRIEF = 0.0, 0.1  # seconds, for writes that may be skipped

_lines: dict[Path, FairSlots] = {}  # the writers of this process, by their lock file


@contextmanager
def hold_write_lock(lock_file: Path, *, patience: float | None = None) -> Iterator[float]:
    """Wait for the write lock and hold it for the block; yields the seconds of patience that are left.

    Raises Busy when they are used up. They are counted from entry, so behind a writer that waits for
    another lock the whole queue gives up at once and not one after the other. A writer at the file itself learns of it when
    it has the lock, because a blocking `flock` has no time limit.
    With AT_ONCE there is no queueing: Busy is raised if anybody else holds the lock or waits for it.
    """
    until = time.monotonic() + (PATIENCE if patience is None else patience or BRIEF)
    line = _lines.setdefault(lock_file, FairSlots())
    with line.slot(patience=PATIENCE if patience is None else patience):
        turnstile, descriptor = _open(lock_file.with_suffix(".gate")), _open(lock_file)
        try:
            _wait_at_file(turnstile, descriptor, wait=patience != AT_ONCE)
            left = until - time.monotonic()
            if left <= 0:
                raise Busy("the queue of writers is too long")
            yield left
        finally:
            os.close(turnstile)
            os.close(descriptor)


def _wait_at_file(turnstile: int, descriptor: int, *, wait: bool) -> None:
    """Only one process waits at the lock itself, the others wait at the turnstile.

    So a process that has just written cannot take the lock again before the process that was woken for it.
    """
    how = fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB
    try:
        fcntl.flock(turnstile, how)
        fcntl.flock(descriptor, how)
        fcntl.flock(turnstile, fcntl.LOCK_UN)
    except BlockingIOError:
        raise Busy("somebody else is writing") from None


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
