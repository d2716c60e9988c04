"""campaigns can be edited"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is there already gets its first version; the default that says so does not stay."""
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_campaign_window"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_campaign_window"), "state = 'draft' OR closes_at > opens_at"
        )
        batch_op.add_column(
            sa.Column("opens_on_publication", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("season", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.alter_column("opens_on_publication", server_default=None)
        batch_op.alter_column("version", server_default=None)
    with op.batch_alter_table("season", schema=None) as batch_op:
        batch_op.alter_column("version", server_default=None)
