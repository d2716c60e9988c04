"""How connections to either database are set up, and what beginning a transaction means on them."""

from __future__ import annotations

from time import monotonic
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DisconnectionError

from .turn import PATIENCE

WROTE = "eventreg_wrote"  # a pooled connection that was opened for writing
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


def prepare(engine: Engine) -> None:
    """Set the connections up: SQLite's with WAL at FULL, foreign keys and our own BEGIN; PostgreSQL's are asked
    whether they are still there.
    """
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    else:
        _prepare_postgresql(engine)


def _prepare_postgresql(engine: Engine) -> None:
    """What only reads has no transaction: that spares two ways to the server, and at READ COMMITTED each
    statement sees what was committed when it began, in a transaction or not.

    A connection that rested is tried before it is used; SQLAlchemy's own ping would try it each time. Where
    one breaks in use, SQLAlchemy replaces it and all that are older.
    """

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        if "write" in connection.get_execution_options():
            connection.exec_driver_sql("BEGIN READ WRITE")

    @event.listens_for(engine, "checkin")
    def returned(_connection: Any, record: Any) -> None:
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
    def begun(connection: Connection) -> None:
        patience = connection.get_execution_options().get("write")
        driver: Any = connection.connection  # what cannot fail goes past SQLAlchemy, at a tenth of the cost
        if patience is None:
            driver.execute("BEGIN").close()
            return
        driver.info[WROTE] = True
        driver.execute(f"PRAGMA busy_timeout={max(1, int(float(patience) * 1000))}").close()
        driver.execute("PRAGMA query_only=OFF").close()
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(engine, "checkin")
    def returned(connection: Any, record: Any) -> None:
        if connection is not None and record.info.pop(WROTE, False):
            connection.execute("PRAGMA query_only=ON").close()
