"""a postbox with a switch and a pace; due letters are found in the order of the index"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The one row is there from the start: nobody has to ask whether it is."""
    postbox = op.create_table(
        "postbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_by", sa.String(length=40), nullable=True),
        sa.Column("why", sa.String(length=12), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("why IN ('trouble', 'wrong', 'restored', 'other')", name=op.f("ck_postbox_why")),
        sa.CheckConstraint("id = 1", name=op.f("ck_postbox_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postbox")),
    )
    op.bulk_insert(postbox, [{"id": 1}])
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index("ix_letter_due")
        batch_op.create_index("ix_letter_due", ["state", "lane", "due_at", "id"], unique=False)
