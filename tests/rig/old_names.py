"""A database of the version before names had one form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from eventreg.commands.backups import MIGRATIONS
from eventreg.core.db.migrate import upgrade
from eventreg.core.db.session import db, init_database, unit_of_work

BEFORE = "0021"
UNIT = text("INSERT INTO unit (id, parent_id, kind, name) VALUES (:id, :parent, :kind, :name)")
PERSON = text("INSERT INTO person (staff_no, name, gender, unit_id) VALUES (:staff_no, :name, 'female', 1)")


def old_names(
    tmp_path: Path,
    database: str,
    request: pytest.FixtureRequest,
    *,
    people: Sequence[str],
    units: Sequence[str],
) -> tuple[Flask, Callable[[], None]]:
    """An app over such a database with these people and departments, and what drops the database."""
    on_postgres = not database.startswith("sqlite")
    url = request.getfixturevalue("cluster").fresh() if on_postgres else f"sqlite:///{tmp_path / 'old.db'}"
    app = Flask("eventreg")
    init_database(app, url, lock_file=tmp_path / "write.lock")
    with app.app_context(), unit_of_work():
        connection = db.session.connection()
        upgrade(connection, MIGRATIONS, to=BEFORE)
        connection.execute(UNIT, {"id": 1, "parent": None, "kind": "company", "name": "禾川农电"})
        for number, name in enumerate(units, start=2):
            connection.execute(UNIT, {"id": number, "parent": 1, "kind": "department", "name": name})
        for number, name in enumerate(people):
            connection.execute(PERSON, {"staff_no": f"HC{number}", "name": name})
    return app, (lambda: request.getfixturevalue("cluster").drop(url)) if on_postgres else (lambda: None)
