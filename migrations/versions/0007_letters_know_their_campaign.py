"""letters know their campaign, their channel and when they expire"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

LETTER = sa.table("letter", sa.column("facts", sa.JSON), sa.column("campaign_id", sa.Integer))
REGISTRATION = sa.table("registration", sa.column("id", sa.Integer), sa.column("campaign_id", sa.Integer))


def upgrade() -> None:
    """What is there already gets its campaign from the registration that it is about."""
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_letter_state"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_letter_state"),
            "state IN ('queued', 'claimed', 'sent', 'failed', 'expired', 'withheld')",
        )
        batch_op.add_column(sa.Column("campaign_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("channel", sa.String(length=12), nullable=False, server_default="mail"))
        batch_op.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(op.f("ck_letter_channel"), "channel IN ('mail', 'robot')")
        batch_op.create_foreign_key(op.f("fk_letter_campaign_id"), "campaign", ["campaign_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_letter_campaign_id"), ["campaign_id"], unique=False)
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.alter_column("channel", server_default=None)
    about = REGISTRATION.c.id == LETTER.c.facts["registration"].as_integer()
    op.execute(
        LETTER.update().values(
            campaign_id=sa.select(REGISTRATION.c.campaign_id).where(about).scalar_subquery()
        )
    )
