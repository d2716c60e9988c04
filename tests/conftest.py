"""The rig: an app on a SQLite database of its own, with every table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

import eventreg.accounts.models
import eventreg.campaigns.models
import eventreg.outbox.models
import eventreg.registrations.models  # noqa: F401
from eventreg.commands import register_commands
from eventreg.core.columns import Model
from eventreg.core.db import db, init_database


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    app = Flask("eventreg")
    init_database(app, f"sqlite:///{tmp_path / 'eventreg.db'}", lock_file=tmp_path / "write.lock")
    register_commands(app)
    with app.app_context():
        with db.engine.connect().execution_options(write=5) as connection, connection.begin():
            Model.metadata.create_all(connection)
        yield app
        db.session.remove()
        db.engine.dispose()
