"""Old and new values of settings, as facts of an audit entry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

TEXT_MOST = 300  # characters of a text that are kept: enough to recognise it


def difference(row: object, wanted: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The facts `was` and `became` of a change, by column; call it before the row is changed."""
    was = {name: stored(getattr(row, name)) for name in sorted(wanted)}
    return {"was": was, "became": {name: stored(wanted[name]) for name in sorted(wanted)}}


def stored(value: Any) -> Any:
    """A value as JSON: an instant in UTC, a day, a text that is cut off, anything else as it is."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value if len(value) <= TEXT_MOST else value[: TEXT_MOST - 1] + "…"
    return value
