"""Save a PostgreSQL database table by table in one snapshot, and restore it in one transaction, without pg_dump."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from eventreg.core.db.base import Model
from eventreg.core.db.migrate import HEAD, upgrade
from eventreg.core.db.session import db, unit_of_work

from .backup_files import BLOCK, BackupPart, part_of, written
from .manifest import DatabaseDump, Manifest

VERSION = "alembic_version"
COLUMNS = f"""
SELECT table_name::text, column_name::text FROM information_schema.columns JOIN information_schema.tables
USING (table_schema, table_name) WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
AND table_name <> '{VERSION}' ORDER BY table_name, ordinal_position
"""  # noqa: S608  (our own word)
SEQUENCES = """
SELECT sequencename::text, last_value FROM pg_sequences
WHERE schemaname = current_schema() AND last_value IS NOT NULL
"""
REFERENCES = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2
"""


def save(folder: Path, parts: dict[str, BackupPart]) -> DatabaseDump:
    """Save all tables as of one instant; nobody waits for it."""
    columns: dict[str, list[str]] = {}
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        revision = connection.scalar(text(f"SELECT version_num FROM {VERSION}"))  # noqa: S608
        for table, name in connection.execute(text(COLUMNS)):
            columns.setdefault(table, []).append(name)
        for table, names in columns.items():
            _write(connection, folder / file_of(table), f"COPY {_listed(table, names)} TO STDOUT")
            parts[file_of(table)] = part_of(folder / file_of(table))
        sequences = {str(name): int(last) for name, last in connection.execute(text(SEQUENCES))}
    return DatabaseDump("postgresql", str(revision), columns, sequences)


def load(
    folder: Path, manifest: Manifest, *, migrations: Path, lock_file: Path, settle: Callable[[], None]
) -> None:
    """Make the tables anew at the backup's revision, fill, upgrade and reset them: completely or not at all.

    Raises Busy when another session uses them.
    """
    with unit_of_work():
        connection = db.session.connection()
        ours = ", ".join(_quoted(name) for name in (*Model.metadata.tables, VERSION))
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {ours}")
        upgrade(connection, migrations, to=manifest.dump.revision)
        _fill(connection, folder, manifest.dump)
        upgrade(connection, migrations, to=HEAD)
        settle()


def file_of(table: str) -> str:
    """The file with a table's rows in a backup."""
    return f"database/{table}.copy"


def _fill(connection: Connection, folder: Path, dump: DatabaseDump) -> None:
    """Insert rows in any order: foreign keys are created, and so checked, after all rows are there."""
    references = connection.execute(text(REFERENCES)).all()
    for table, name, _definition in references:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    every = ", ".join(_quoted(table) for table in dump.columns)
    connection.exec_driver_sql(f"TRUNCATE {every}")  # migrations insert rows
    for table, names in dump.columns.items():
        _read(connection, folder / file_of(table), f"COPY {_listed(table, names)} FROM STDIN")
    for table, name, definition in references:
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    for name, last in dump.sequences.items():
        connection.execute(
            text("SELECT setval(quote_ident(:name)::regclass, :last)"), {"name": name, "last": last}
        )


def _write(connection: Connection, file: Path, statement: str) -> None:
    with _cursor(connection) as cursor, cursor.copy(statement) as rows, written(file) as out:
        for block in rows:
            out.write(block)


def _read(connection: Connection, file: Path, statement: str) -> None:
    with _cursor(connection) as cursor, file.open("rb") as rows, cursor.copy(statement) as into:
        while block := rows.read(BLOCK):
            into.write(block)


def _cursor(connection: Connection) -> Any:
    driver: Any = connection.connection.driver_connection
    return driver.cursor()


def _listed(table: str, names: list[str]) -> str:
    return f"{_quoted(table)} ({', '.join(map(_quoted, names))})"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
