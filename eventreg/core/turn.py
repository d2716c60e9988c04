"""Whose turn it is to write: SQLite's writers queue at a lock file (law 2).

`busy_timeout` alone polls, and single commits then waited up to three seconds; a blocking lock
on a file serves writers in turn. Each acquisition opens the file anew: threads that share one
descriptor would all be let in. The threads of a process stand in line among themselves, and only the
first of them at the file: the kernel wakes all who wait there whenever one is done, in no order.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import Busy
from .pace import Pace

PATIENCE = 5.0  # seconds from entry to the front of the queue and through the database's own lock
AT_ONCE, BRIEF = 0.0, 0.1  # seconds, for what may as well be left out
_lines: dict[Path, Pace] = {}  # the writers of this process, by their lock file


@contextmanager
def writers_turn(lock_file: Path, *, patience: float | None = None) -> Iterator[float]:
    """Wait for the front of the queue; yields the seconds of patience that are left.

    Raises Busy when they are used up. They are counted from entry, so behind a writer who waits
    for somebody else's lock the whole queue gives up together and not one after the other.
    With AT_ONCE there is no queueing: whoever is not alone is Busy.
    """
    until = time.monotonic() + (PATIENCE if patience is None else patience or BRIEF)
    line = _lines.setdefault(lock_file, Pace())
    with (
        line.slot(patience=PATIENCE if patience is None else patience),
        _at_the_file(lock_file, wait=patience != AT_ONCE),
    ):
        left = until - time.monotonic()
        if left <= 0:
            raise Busy("the queue of writers is too long")
        yield left


@contextmanager
def _at_the_file(lock_file: Path, *, wait: bool) -> Iterator[None]:
    """The lock that all processes ask for."""
    turnstile = _open(lock_file.with_suffix(".gate"))
    descriptor = _open(lock_file)
    try:
        _queue(turnstile, descriptor, wait=wait)
        yield
    finally:
        os.close(turnstile)
        os.close(descriptor)


def _queue(turnstile: int, descriptor: int, *, wait: bool) -> None:
    """Only one waits at the lock itself, the rest in front of the turnstile.

    So who has just written cannot take the next turn before whoever was woken for it.
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
