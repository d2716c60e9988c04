"""How many SQL statements something takes: counted at the driver, printed on demand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from eventreg.core.db.session import db
from eventreg.core.process_cache import clear_all

OURS = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")


@contextmanager
def statements(app: Flask, *, warm: bool = False) -> Iterator[list[str]]:
    """The statements that run inside the block, without transaction control.

    What this process keeps between requests is forgotten before, so that counts are the same in any
    order of tests; `warm` keeps it.
    """
    if not warm:
        clear_all(app)
    seen: list[str] = []

    def note(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(OURS):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
        print(f"{len(seen)} statements: " + ", ".join(_short(one) for one in seen))


def _short(statement: str) -> str:
    words = statement.split()
    verb = words[0].upper()
    mark = {"SELECT": "FROM", "INSERT": "INTO", "DELETE": "FROM"}.get(verb)
    at = next((n for n, word in enumerate(words) if word.upper() == mark), 0)
    return f"{verb} {words[at + 1]}"
