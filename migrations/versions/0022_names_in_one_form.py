"""names in one form"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from eventreg.core.plain_text import clean, comparison_key, plain_name

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

PERSON = sa.table("person", sa.column("id", sa.Integer), sa.column("name", sa.String))
UNIT = sa.table(
    "unit", *(sa.column(n, sa.Integer) for n in ("id", "parent_id")), sa.column("name", sa.String)
)
INDEX = sa.table("nomination_index", sa.column("nomination_id", sa.Integer), sa.column("body", sa.Text))


def upgrade() -> None:
    """Write stored names as the roster import writes them from now on (ADR 40).

    A unit whose plain name a sibling has keeps its own name: two units are never made one here.
    """
    connection = op.get_bind()
    for id_, name in connection.execute(sa.select(PERSON.c.id, PERSON.c.name)).all():
        plain = plain_name(name)
        if plain and plain != name:
            connection.execute(sa.update(PERSON).where(PERSON.c.id == id_).values(name=plain))
    _rename_units(connection)
    for id_, body in connection.execute(sa.select(INDEX.c.nomination_id, INDEX.c.body)).all():
        if clean(body) != body:
            changed = sa.update(INDEX).where(INDEX.c.nomination_id == id_)
            connection.execute(changed.values(body=clean(body)))


def downgrade() -> None:
    """The plain names stay: an older version reads them as well."""


def _rename_units(connection: sa.Connection) -> None:
    rows = connection.execute(sa.select(UNIT.c.id, UNIT.c.parent_id, UNIT.c.name).order_by(UNIT.c.id)).all()
    named: dict[tuple[int | None, str], int] = {}
    for _id, parent_id, name in rows:
        key = (parent_id, comparison_key(name))
        named[key] = named.get(key, 0) + 1
    for id_, parent_id, name in rows:
        plain = plain_name(name)
        if plain and plain != name and named[parent_id, comparison_key(name)] == 1:
            connection.execute(sa.update(UNIT).where(UNIT.c.id == id_).values(name=plain))
