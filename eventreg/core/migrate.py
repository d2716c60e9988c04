"""Bring the database to this program's schema, whole or not at all (law 19)."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text

from .errors import Busy, Unusable
from .turn import PATIENCE, writers_turn

HEAD = "head"
LONGEST = 120.0  # seconds that a start waits for another one that upgrades
ADVISORY_LOCK = 3_08_2027  # any fixed number: all our processes queue at the same one


def migrate(engine: Engine, folder: Path, *, lock_file: Path) -> bool:
    """Upgrade to the newest revision; False when the database already was there.

    Runs in one transaction of our own BEGIN (the driver's would leave half a revision behind
    after a kill), with foreign keys off on SQLite: batch mode drops and re-makes tables, and
    the hidden DROP would cascade. Raises Unusable for a database newer than this program.
    """
    config = Config()
    config.set_main_option("script_location", str(folder))
    scripts = _scripts(folder)
    with engine.connect() as connection:
        if _revision(connection, scripts) == scripts.get_current_head():
            return False
    try:
        _upgrade(engine, config, scripts, lock_file)
    except Busy as error:
        raise Unusable("Another process is changing this database: start again when it is done.") from error
    return True


@cache
def _scripts(folder: Path) -> ScriptDirectory:
    """The revisions that lie in this folder, read once a process."""
    return ScriptDirectory(folder)


def _revision(connection: Connection, scripts: ScriptDirectory) -> str | None:
    current = MigrationContext.configure(connection).get_current_revision()
    try:
        scripts.get_revision(current or "base")
    except CommandError as error:
        raise Unusable(
            f"This database (revision {current}) was made by a newer eventreg: run that one, "
            "or restore a backup from before its upgrade."
        ) from error
    return current


def _upgrade(engine: Engine, config: Config, scripts: ScriptDirectory, lock_file: Path) -> None:
    sqlite = engine.dialect.name == "sqlite"
    with ExitStack() as stack:
        if sqlite:
            stack.enter_context(writers_turn(lock_file, patience=LONGEST))
        connection = stack.enter_context(engine.connect())
        if sqlite:
            _foreign_keys(connection, on=False)
            stack.callback(_foreign_keys, connection, on=True)
        connection = connection.execution_options(write=PATIENCE)
        with connection.begin():
            if not sqlite:
                connection.execute(text(f"SET LOCAL lock_timeout = {int(LONGEST * 1000)}"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": ADVISORY_LOCK})
            if _revision(connection, scripts) != scripts.get_current_head():
                _run(config, connection, HEAD)
            if sqlite and (torn := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                raise Unusable(f"The upgrade would break references, nothing was changed: {torn[:3]}")


def upgrade(connection: Connection, folder: Path, *, to: str) -> None:
    """Bring the database to a revision inside the transaction that is open."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": ADVISORY_LOCK})
    _run(config, connection, to)


def _run(config: Config, connection: Connection, to: str) -> None:
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    """Inside a transaction SQLite ignores this without a word, so it goes to the bare driver."""
    driver = connection.connection.driver_connection
    if driver is not None:
        driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}").close()
