"""answers keep the words they were given to"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

question = sa.table(
    "question",
    sa.column("id", sa.Integer),
    sa.column("campaign_id", sa.Integer),
    sa.column("key", sa.String),
    sa.column("kind", sa.String),
    sa.column("label", sa.String),
    sa.column("hint", sa.String),
)


def upgrade() -> None:
    """Give each earlier version with other words a key of its own: until now it shared the key of the later question.

    Nobody said then whether the change was a correction, so the answers stay under the words that were asked.
    """
    connection = op.get_bind()
    rows = connection.execute(sa.select(question).order_by(question.c.id.desc())).all()
    keys = {(row.campaign_id, row.key) for row in rows}
    words = dict[tuple[int, str], dict[tuple[str, str, str], str]]()
    for row in rows:
        known = words.setdefault((row.campaign_id, row.key), {})
        asked = (row.kind, row.label, row.hint)
        if not known:
            known[asked] = row.key
        elif asked not in known:
            number = next(n for n in range(1, len(keys) + 2) if (row.campaign_id, f"q{n}") not in keys)
            known[asked] = f"q{number}"
            keys.add((row.campaign_id, known[asked]))
        if known[asked] != row.key:
            connection.execute(sa.update(question).where(question.c.id == row.id).values(key=known[asked]))


def downgrade() -> None:
    """The keys stay: they do no harm to an older product."""
