"""Save an SQLite database while others write, and restore it in one transaction of the existing database."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from flask import Flask

from eventreg.core.db.migrate import migrate
from eventreg.core.db.session import close_all, db, init_database, unit_of_work
from eventreg.core.db.write_lock import PATIENCE, hold_write_lock

from ..errors import Busy, Refused
from ..files import private_file
from .backup_files import BackupPart, copied, part_of
from .manifest import DatabaseDump, Manifest

FILE = "database/eventreg.db"
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def save(folder: Path, parts: dict[str, BackupPart]) -> DatabaseDump:
    """Save the database as of one instant, without deleted content; writers are not blocked.

    Raises Refused backup.torn when the copy fails the integrity check, because the database is damaged.
    """
    file = folder / FILE
    file.parent.mkdir(mode=0o700, exist_ok=True)
    private_file(file)
    with closing(sqlite3.connect(_file(), timeout=PATIENCE)) as connection:
        connection.execute("VACUUM INTO ?", (str(file),))
    with closing(sqlite3.connect(file)) as copy:
        if copy.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise Refused("backup.torn")
        (revision,) = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    parts[FILE] = part_of(file)
    return DatabaseDump("sqlite", revision, {}, {})


def load(
    folder: Path, manifest: Manifest, *, migrations: Path, lock_file: Path, settle: Callable[[], None]
) -> None:
    """Upgrade and reset a copy beside the database, then copy it over the database: a kill leaves the old or the new one.

    Raises Busy when another process holds the database.
    """
    target = _file()
    close_all()
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".restoring-") as beside:
        copy = Path(beside) / target.name
        copied(folder / FILE, copy)
        _prepare(copy, manifest, migrations=migrations, settle=settle)
        with (
            hold_write_lock(lock_file),
            closing(sqlite3.connect(copy)) as source,
            closing(sqlite3.connect(target, timeout=PATIENCE)) as there,
        ):
            source.backup(there, progress=_not_for_ever)


def _prepare(copy: Path, manifest: Manifest, *, migrations: Path, settle: Callable[[], None]) -> None:
    """Run `settle` on the copy, in an app of its own."""
    app = Flask("eventreg")
    init_database(app, f"sqlite:///{copy}", lock_file=copy.with_suffix(".lock"))
    with app.app_context():
        try:
            migrate(db.engine, migrations, lock_file=copy.with_suffix(".lock"))
            with unit_of_work():
                settle()
        finally:
            close_all()


def _file() -> Path:
    return Path(db.engine.url.database or "")


def _not_for_ever(status: int, _left: int, _all: int) -> None:
    if status in BUSY:
        raise Busy("somebody else holds the database")
