"""Whose turn it is to write: SQLite's writers queue at a lock file (law 2).

`busy_timeout` alone polls, and single commits then waited up to three seconds; a blocking lock
on a file serves writers in turn. Each acquisition opens the file anew: threads that share one
descriptor would all be let in.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import Busy

PATIENCE = 5.0  # seconds from entry to the front of the queue and through the database's own lock


@contextmanager
def writers_turn(lock_file: Path) -> Iterator[float]:
    """Wait for the front of the queue; yields the seconds of patience that are left.

    Raises Busy when they are used up. They are counted from entry, so behind a writer who waits
    for somebody else's lock the whole queue gives up together and not one after the other.
    """
    until = time.monotonic() + PATIENCE
    descriptor = os.open(lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        left = until - time.monotonic()
        if left <= 0:
            raise Busy("the queue of writers is too long")
        yield left
    finally:
        os.close(descriptor)
