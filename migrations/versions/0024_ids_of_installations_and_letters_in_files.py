"""ids of installations, and letters that were written to files"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A migration cannot know the host of the public address: the next start stores it (`claim_installation`)."""
    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("uid", sa.String(length=253), nullable=True))
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("in_file", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_check_constraint(op.f("ck_letter_in_file"), "NOT in_file OR state = 'sent'")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.alter_column("in_file", server_default=None)
