"""robots, with a lane of their own; letters that came back"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "robot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("service", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("mark", sa.LargeBinary(length=32), nullable=True),
        sa.Column("host", sa.String(length=253), nullable=False),
        sa.Column("tail", sa.String(length=4), nullable=False),
        sa.Column("news", sa.JSON(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("places_told", sa.String(length=10), nullable=True),
        sa.CheckConstraint("service IN ('wecom', 'dingtalk', 'feishu')", name=op.f("ck_robot_service")),
        sa.CheckConstraint("(address IS NULL) = (gone_at IS NOT NULL)", name=op.f("ck_robot_gone")),
        sa.CheckConstraint("NOT is_on OR gone_at IS NULL", name=op.f("ck_robot_on")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_robot_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_robot")),
        sa.UniqueConstraint("campaign_id", "mark", name=op.f("uq_robot_campaign_id_mark")),
    )
    with op.batch_alter_table("robot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_robot_campaign_id"), ["campaign_id"], unique=False)

    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("robot_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("bounced_by", sa.String(length=40), nullable=True))
        batch_op.create_index(batch_op.f("ix_letter_robot_id"), ["robot_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_letter_robot_id"), "robot", ["robot_id"], ["id"])
        batch_op.drop_constraint(op.f("ck_letter_lane"), type_="check")
        batch_op.create_check_constraint(op.f("ck_letter_lane"), "lane IN (0, 1, 2)")
        batch_op.create_check_constraint(op.f("ck_letter_bounced"), "bounced_at IS NULL OR state = 'sent'")
        batch_op.create_check_constraint(op.f("ck_letter_robot"), "(robot_id IS NULL) = (channel = 'mail')")
