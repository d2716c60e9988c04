"""Bring the database to this program's schema, whole or not at all (law 19).

Alembic is loaded only if something has to be done: at nearly every start the database has the newest revision, which
is known from the names of the files.
"""

from __future__ import annotations

from contextlib import ExitStack
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from eventreg.core.errors import Busy, Unusable

from .connections import for_writing
from .write_lock import PATIENCE, hold_write_lock

HEAD = "head"
NAMED = "[0-9][0-9][0-9][0-9]_*.py"  # the name of a revision's file, which a house test checks
TABLE = "alembic_version"
LONGEST = 120.0  # seconds that a start waits for another one that upgrades
ADVISORY_LOCK = 3_08_2027  # any fixed number: all our processes queue at the same one


def migrate(engine: Engine, folder: Path, *, lock_file: Path) -> bool:
    """Upgrade to the newest revision; False when the database already was there.

    Runs in one transaction of our own BEGIN (the driver's would leave half a revision behind
    after a kill), with foreign keys off on SQLite: batch mode drops and re-makes tables, and
    the hidden DROP would cascade. Raises Unusable for a database newer than this program.
    """
    with engine.connect() as connection:
        if _revision(connection, folder) == revisions(folder)[-1]:
            return False
    try:
        _upgrade(engine, folder, lock_file)
    except Busy as error:
        raise Unusable("Another process is changing this database: start again when it is done.") from error
    return True


@cache
def revisions(folder: Path) -> tuple[str, ...]:
    """The revisions in this folder, oldest first, read once for each process."""
    return tuple(sorted(path.name[:4] for path in (folder / "versions").glob(NAMED)))


def _revision(connection: Connection, folder: Path) -> str | None:
    """The revision of the database; None for an empty one."""
    if not inspect(connection).has_table(TABLE):
        return None
    current: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if current is not None and current not in revisions(folder):
        raise Unusable(
            f"This database (revision {current}) was made by a newer eventreg: run that one, "
            "or restore a backup from before its upgrade."
        )
    return current


def _upgrade(engine: Engine, folder: Path, lock_file: Path) -> None:
    sqlite = engine.dialect.name == "sqlite"
    with ExitStack() as stack:
        if sqlite:
            stack.enter_context(hold_write_lock(lock_file, patience=LONGEST))
        connection = stack.enter_context(engine.connect())
        if sqlite:
            _foreign_keys(connection, on=False)
            stack.callback(_foreign_keys, connection, on=True)
        with for_writing(connection, patience=PATIENCE).begin():
            if not sqlite:
                connection.execute(text(f"SET LOCAL lock_timeout = {int(LONGEST * 1000)}"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": ADVISORY_LOCK})
            if _revision(connection, folder) != revisions(folder)[-1]:
                _run(connection, folder, HEAD)
            if sqlite and (torn := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                raise Unusable(f"The upgrade would break references, nothing was changed: {torn[:3]}")


def upgrade(connection: Connection, folder: Path, *, to: str) -> None:
    """Bring the database to a revision inside the transaction that is open."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": ADVISORY_LOCK})
    _run(connection, folder, to)


def _run(connection: Connection, folder: Path, to: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    """Inside a transaction SQLite ignores this without a word, so it goes to the bare driver."""
    driver = connection.connection.driver_connection
    if driver is not None:
        driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}").close()
