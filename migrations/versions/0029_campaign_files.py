"""files on the pages of campaigns: a picture, the plan, a map"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaign_file",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("kept_by", sa.String(length=40), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("part IN ('picture', 'plan', 'map')", name=op.f("ck_campaign_file_part")),
        sa.CheckConstraint("size > 0", name=op.f("ck_campaign_file_size")),
        sa.CheckConstraint("(part = 'plan') = (width IS NULL)", name=op.f("ck_campaign_file_width")),
        sa.CheckConstraint("(part = 'plan') = (height IS NULL)", name=op.f("ck_campaign_file_height")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_file_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_file")),
        sa.UniqueConstraint("campaign_id", "part", name=op.f("uq_campaign_file_campaign_id_part")),
    )
