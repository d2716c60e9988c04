"""The database's own clock: claims and leases are compared with it alone (law 9)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, DateTime, func

from eventreg.core.db.base import UTCDateTime
from eventreg.core.db.session import db


def database_now(ahead: timedelta = timedelta(0)) -> ColumnElement[datetime]:
    """The database's own clock, `ahead` of now: leases compare it with itself only (law 9)."""
    seconds = ahead.total_seconds()
    if db.engine.dialect.name == "postgresql":
        interval = func.make_interval(0, 0, 0, 0, 0, 0, seconds)  # years, months, … seconds
        return func.clock_timestamp(type_=UTCDateTime()).op("+")(interval)
    return func.strftime("%Y-%m-%d %H:%M:%f000", "now", f"{seconds:+.3f} seconds", type_=DateTime())
