"""The database of the bare app: an engine of its own and a plain way to write, with nothing of our machinery."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

WRITES = "bare_writes"


@contextmanager
def writing(engine: Engine, lock_file: Path) -> Iterator[Connection]:
    """A transaction that writes: behind a plain flock on SQLite, READ COMMITTED on PostgreSQL."""
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            yield connection
        return
    with lock_file.open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with engine.connect() as connection:
            connection.info[WRITES] = True
            try:
                with connection.begin():
                    yield connection
            finally:
                del connection.info[WRITES]


def make_engine(url: str) -> Engine:
    """As many connections as threads may want; on SQLite WAL, synchronous FULL, and a BEGIN before the driver's own."""
    engine = create_engine(url, pool_size=40)
    if engine.dialect.name != "sqlite":
        return engine

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if WRITES in connection.info else "BEGIN")

    return engine
