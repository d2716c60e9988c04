"""Backups as an operator takes and restores them, and what a database holds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from eventreg.accounts import sign_in_codes
from eventreg.commands.saying import both
from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.base import Model
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.trail import seals
from eventreg.outbox import claims
from eventreg.outbox import service as outbox
from eventreg.outbox.rules import Lane
from tests.conftest import close, make_app
from tests.nominations.files.handing_in import hand_in, set_owner
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.handed_in import paper
from tests.rig.reset import Spare

NOW = utc_now() - timedelta(hours=1)
Rows = dict[str, list[tuple[Any, ...]]]


def say(app: Flask, *words: str | Path) -> Result:
    """`flask backup …`, `flask restore …`."""
    return app.test_cli_runner().invoke(args=[str(word) for word in words])


def rows(app: Flask) -> Rows:
    """All that the tables hold, each in the order of its key."""
    with app.app_context():
        found = {
            table.name: [tuple(row) for row in db.session.execute(select(table).order_by(*table.primary_key))]
            for table in Model.metadata.sorted_tables
        }
        db.session.rollback()
    return found


def files(settings: Settings) -> dict[str, bytes]:
    """What lies in an installation beside its database."""
    found = (path for name in ("files", "keys") for path in (settings.instance / name).rglob("*"))
    return {str(path.relative_to(settings.instance)): path.read_bytes() for path in found if path.is_file()}


@contextmanager
def another(settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """A second, empty installation on a database of the same kind."""
    here = tmp_path / "elsewhere"
    here.mkdir()
    if settings.database_url.startswith("sqlite"):
        shutil.copy(request.getfixturevalue("migrated_file"), here / "eventreg.db")
        yield replace(settings, instance=here, database_url=f"sqlite:///{here / 'eventreg.db'}")
        return
    pool: Spare = request.getfixturevalue("spare")
    url = pool.take()
    yield replace(settings, instance=here, database_url=url)
    pool.give_back(url)


@contextmanager
def opened(settings: Settings) -> Iterator[Flask]:
    """A process that comes up on an installation."""
    made = make_app(settings)
    try:
        yield made
    finally:
        close(made)


def restored(settings: Settings, folder: Path, *options: str) -> Result:
    """`flask restore` in a process of its own."""
    with opened(settings) as app:
        return say(app, "restore", folder, *options)


def saved(app: Flask, folder: Path) -> Path:
    """`flask backup`, which has to work."""
    done = say(app, "backup", folder)
    assert (done.exit_code, done.stdout) == (0, f"已备份 / saved: {folder}\n")
    return folder


def no(app: Flask, code: str, **facts: object) -> str:
    """A refusal as it stands on stderr."""
    with app.app_context():
        return f"Error: {both(code, facts)}\n"


def fill(app: Flask) -> Flask:
    """Somebody signed in, signed up and with a file of a nomination; letters of each lane, one of them claimed."""
    owner = set_owner(app)
    stage = cast.find_stage(app)
    cast.begin_session(app, owner, now=NOW)
    for staff_no in ("B2", "C3", "E5"):
        cast.sign_up(app, stage, staff_no, now=NOW)
    with app.app_context():
        hand_in(owner, paper("Deeds"))
        with unit_of_work():
            sign_in_codes.ask("A1", address="127.0.0.1", locale="zh-CN", keys=stage.keys, now=utc_now())
            sign_in_codes.print_codes([stage.people["D4"]], actor=acting(owner, NOW, stage.keys))
            outbox.take_lease("other", "test", seconds=60)
        with unit_of_work():
            claims.claim("test", Lane.ORDINARY, now=utc_now())
            seals.seal(now=utc_now())
    return app
