"""How connections to either database are set up, and what beginning a transaction means on them."""

from __future__ import annotations

from time import monotonic
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DisconnectionError

from .write_lock import PATIENCE

WRITES = "eventreg_writes"  # seconds of patience, of a connection that is taken from the pool for writing
USED, RESTED = "eventreg_used", 1.0  # when a pooled connection was last used; seconds until it is not trusted


def engine_options(url: str) -> dict[str, Any]:
    """What our engines are made with: outside a unit of work every connection is read-only."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": PATIENCE}, "pool_size": 24}
    wishes = f"-c lock_timeout={int(PATIENCE * 1000)} -c timezone=UTC -c default_transaction_read_only=on"
    return {
        "connect_args": {"options": wishes, "connect_timeout": 5},
        "isolation_level": "AUTOCOMMIT",
        "pool_size": 8,
        "max_overflow": 16,
        "pool_timeout": PATIENCE,
    }


def for_writing(connection: Connection, *, patience: float) -> Connection:
    """Let a connection's transactions write until it returns to the pool, and wait so many seconds for SQLite's own lock."""
    connection.info[WRITES] = patience
    return connection


def prepare(engine: Engine) -> None:
    """Set up connections: SQLite's with WAL, synchronous FULL, foreign keys and our own BEGIN; PostgreSQL's are tested
    before use.
    """
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    else:
        _prepare_postgresql(engine)


def _prepare_postgresql(engine: Engine) -> None:
    """Reads run without a transaction: that saves two round trips, and at READ COMMITTED each statement sees what was
    committed when it began, in a transaction or not.

    A connection that was idle is tested before it is used; SQLAlchemy's own ping would test it each time. If one breaks
    in use, SQLAlchemy replaces it and all older ones.
    """

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if WRITES in connection.info:  # AUTOCOMMIT sends no BEGIN of its own
            connection.exec_driver_sql("BEGIN READ WRITE")

    @event.listens_for(engine, "checkin")
    def returned(_connection: Any, record: Any) -> None:
        record.info.pop(WRITES, None)
        record.info[USED] = monotonic()

    @event.listens_for(engine, "checkout")
    def taken(connection: Any, record: Any, _proxy: Any) -> None:
        if monotonic() - record.info.get(USED, 0.0) < RESTED:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late: it oversells
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "query_only=ON"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        patience = connection.info.get(WRITES)
        if patience is None:
            connection.exec_driver_sql("BEGIN")
            return
        connection.exec_driver_sql(f"PRAGMA busy_timeout={max(1, int(patience * 1000))}")
        connection.exec_driver_sql("PRAGMA query_only=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(engine, "checkin")
    def returned(connection: Any, record: Any) -> None:
        if record.info.pop(WRITES, None) is not None and connection is not None:
            connection.execute("PRAGMA query_only=ON").close()
