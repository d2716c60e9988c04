"""counts of requests for codes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "code_count",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("asked >= 0", name=op.f("ck_code_count_asked")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_code_count")),
    )
    op.create_index(op.f("ix_code_count_asked_at"), "code_count", ["asked_at"], unique=False)
