"""Runs on the connection that `eventreg.core.db.migrate` opened and will commit; or, for
`make migration`, on a throw-away database that it compares the models with."""

from typing import Any, Literal

from alembic import context

from eventreg import models
from eventreg.core.db.base import UTCDateTime


def plain_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations name the database's type: what UTCDateTime does in Python may change later."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=models.METADATA,
    transactional_ddl=True,
    render_as_batch=True,
    compare_type=True,
    render_item=plain_type,
)
with context.begin_transaction():
    context.run_migrations()
