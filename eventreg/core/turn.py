"""Whose turn it is to write: SQLite's writers queue at a lock file (law 2), in the order in which they asked.

`busy_timeout` alone polls, and single commits then waited up to three seconds; a blocking lock
on a file serves writers in turn. Each acquisition opens the file anew: threads that share one
descriptor would all be let in. The threads of a process stand in line among themselves, and only the
first of them at the file: the kernel wakes all who wait there whenever one is done, in no order. Who is done
hands the file on in the process when whoever is next there has waited longer than who stands at the file (ADR 27, 31).
"""

from __future__ import annotations

import fcntl
import os
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import Busy
from .pace import Pace

PATIENCE = 5.0  # seconds from entry to the front of the queue and through the database's own lock
AT_ONCE, BRIEF = 0.0, 0.1  # seconds, for what may as well be left out
SINCE = struct.Struct("=d")  # since when somebody stands at the file, by the clock that all processes share
NOBODY = 0.0
AHEAD = 0.02  # seconds by which the next of this process has to have waited longer


class Line(Pace):
    """The writers of this process before one lock file; the first of them has its lock or waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self._held: tuple[int, int] | None = None  # the turnstile and the lock, open

    def stand_at(self, lock_file: Path, *, since: float, wait: bool) -> None:
        """Get the lock that all processes ask for, unless it was handed on. Raises Busy."""
        if self._held is not None:
            return
        held = _open(lock_file.with_suffix(".gate")), _open(lock_file)
        try:
            _queue(*held, since=since, wait=wait)
        except BaseException:
            _close(held)
            raise
        self._held = held

    def leave(self) -> None:
        """Hand on: the slot to the next of this process, with the lock or without it."""
        with self._turn:
            if self._held is not None and not self._is_next_here(self._held[0]):
                _close(self._held)
                self._held = None
            self._hand_on()

    def _is_next_here(self, turnstile: int) -> bool:
        there = _said(turnstile)
        return bool(self._line) and there != NOBODY and self._line[0].since + AHEAD < there


_lines: dict[Path, Line] = {}  # by their lock file


@contextmanager
def writers_turn(lock_file: Path, *, patience: float | None = None) -> Iterator[float]:
    """Wait for the front of the queue; yields the seconds of patience that are left.

    Raises Busy when they are used up. They are counted from entry, so behind a writer who waits
    for somebody else's lock the whole queue gives up together and not one after the other.
    With AT_ONCE there is no queueing: whoever is not alone is Busy.
    """
    since = time.monotonic()
    until = since + (PATIENCE if patience is None else patience or BRIEF)
    line = _lines.setdefault(lock_file, Line())
    with line.slot(patience=PATIENCE if patience is None else patience):
        line.stand_at(lock_file, since=since, wait=patience != AT_ONCE)
        left = until - time.monotonic()
        if left <= 0:
            raise Busy("the queue of writers is too long")
        yield left


def _queue(turnstile: int, descriptor: int, *, since: float, wait: bool) -> None:
    """Only one waits at the lock itself, the rest in front of the turnstile.

    So who has just written cannot take the next turn before whoever was woken for it.
    """
    how = fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB
    try:
        fcntl.flock(turnstile, how)
        if wait:
            _say(turnstile, since)
        fcntl.flock(descriptor, how)
        if wait:
            _say(turnstile, NOBODY)
        fcntl.flock(turnstile, fcntl.LOCK_UN)
    except BlockingIOError:
        raise Busy("somebody else is writing") from None


def _say(turnstile: int, since: float) -> None:
    """Write down since when the one at the lock has waited; a full disk costs the order, not the turn."""
    with suppress(OSError):
        os.pwrite(turnstile, SINCE.pack(since), 0)


def _said(turnstile: int) -> float:
    """Since when somebody stands at the lock, or NOBODY.

    What a process that died there said stays until the next says something; the lock is then let go too often,
    and whoever is next takes it at once.
    """
    said = os.pread(turnstile, SINCE.size, 0)
    return float(SINCE.unpack(said)[0]) if len(said) == SINCE.size else NOBODY


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _close(held: tuple[int, int]) -> None:
    for descriptor in held:
        os.close(descriptor)
