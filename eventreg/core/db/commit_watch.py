"""Whether anything was committed to an SQLite database, for a hundredth of the cost of a query (ADR 26)."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from threading import Lock


class CommitWatch:
    """A connection that never writes, so every commit it notices was made by another connection.

    A forked process opens its own: an SQLite connection must be neither used nor closed on both sides of a fork.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._opened: dict[int, sqlite3.Connection] = {}  # by process
        self._guard = Lock()

    def version(self) -> int | None:
        """A number that changes with every commit; None if it cannot be read at once."""
        with self._guard:
            try:
                return int(self._mine().execute("PRAGMA data_version").fetchone()[0])
            except sqlite3.Error:
                return None

    def close(self) -> None:
        """Close the connection; the next call of `version` opens it again."""
        with self._guard:
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
