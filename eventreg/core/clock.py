"""The one place that reads the time. Everything else is given `now` (law 9)."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)
