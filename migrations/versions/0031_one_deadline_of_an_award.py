"""one deadline of an award"""

from __future__ import annotations

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("award_terms", schema=None) as batch_op:
        batch_op.drop_column("day_counts")
