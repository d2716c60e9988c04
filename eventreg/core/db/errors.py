"""Which errors of the database or the disk are temporary (Busy, DiskFull), and which are our faults."""

from __future__ import annotations

import errno

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from eventreg.core.errors import Busy, DiskFull

PG_LOCKS = {"55P03", "40P01", "40001"}  # lock not available, deadlock, serialization failure
PG_FULL = "53100"  # disk full
PG_DOWN = {"08", "53", "57"}  # classes: connection, insufficient resources, operator intervention
DISK_FULL = {errno.ENOSPC, errno.EDQUOT}


def find_busy(error: BaseException) -> Busy | None:
    """Busy for an error that a retry may cure, DiskFull for a full disk, None for everything else."""
    if isinstance(error, Busy):
        return error
    if isinstance(error, NoConnection):
        return Busy("no connection is free")
    if isinstance(error, OSError):
        return DiskFull("disk") if error.errno in DISK_FULL else None
    if not isinstance(error, DBAPIError):
        return None
    state = getattr(error.orig, "sqlstate", None)
    found = _by_text(str(error.orig).lower()) if not isinstance(state, str) else _by_state(state)
    if found is None and (error.connection_invalidated or _never_connected(error)):
        return Busy(type(error.orig).__name__)
    return found


def _by_text(message: str) -> Busy | None:
    """Classify an SQLite error by its message."""
    if "disk is full" in message:
        return DiskFull("database")
    again = ("database is locked", "database is busy", "disk i/o error", "database schema is locked")
    return Busy("database") if any(words in message for words in again) else None


def _by_state(state: str) -> Busy | None:
    """Classify a PostgreSQL error by its SQLSTATE."""
    if state == PG_FULL:
        return DiskFull("database")
    return Busy(state) if state in PG_LOCKS or state[:2] in PG_DOWN else None


def _never_connected(error: DBAPIError) -> bool:
    """Whether PostgreSQL could not be reached or the connection broke: psycopg gives no SQLSTATE then."""
    driver = type(error.orig).__module__.split(".", maxsplit=1)[0]
    return driver == "psycopg" and isinstance(error, OperationalError | InterfaceError)
