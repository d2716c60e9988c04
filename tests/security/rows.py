"""All that a database holds, to be compared before and after."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from eventreg.core.db.session import db
from eventreg.models import METADATA
from tests.security.world import World

LAST_SEEN = {
    ("browser_session", "seen_at"),
    ("browser_session", "elevated_until"),
    ("api_token", "last_used_at"),
}


def everything(world: World) -> dict[str, list[Any]]:
    """Table → its rows, without when a session was last seen."""
    with world.app.app_context():
        found = {
            name: [
                tuple(value for column, value in row.items() if (name, column) not in LAST_SEEN)
                for row in db.session.execute(select(table).order_by(*table.primary_key)).mappings()
            ]
            for name, table in METADATA.tables.items()
        }
        db.session.remove()
    return found
