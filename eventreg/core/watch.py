"""Whether anything was committed to an SQLite database: it tells for a hundredth of what a query costs (ADR 26)."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from threading import Lock


class Watch:
    """One connection that writes nothing, and for which therefore every commit is somebody else's.

    A process that was forked opens its own: SQLite's must not be used on both sides of a fork, nor closed.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._opened: dict[int, sqlite3.Connection] = {}  # by process
        self._turn = Lock()

    def version(self) -> int | None:
        """A number that is another one after every commit, whoever's; None when it cannot be had at once."""
        with self._turn:
            try:
                return int(self._mine().execute("PRAGMA data_version").fetchone()[0])
            except sqlite3.Error:
                return None

    def close(self) -> None:
        """Let go of the file; the next who asks opens it again."""
        with self._turn:
            mine = self._opened.pop(os.getpid(), None)
            if mine is not None:
                mine.close()

    def _mine(self) -> sqlite3.Connection:
        mine = self._opened.get(os.getpid())
        if mine is None:
            mine = sqlite3.connect(self._file, timeout=0, isolation_level=None, check_same_thread=False)
            mine.execute("PRAGMA query_only=ON").close()
            self._opened[os.getpid()] = mine
        return mine
