"""what files are for and what colleagues propose"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

LIVE = "state <> 'withdrawn' AND (NOT proposed OR passed_on_at IS NOT NULL)"
PROPOSED = "state <> 'withdrawn' AND proposed AND passed_on_at IS NULL"
HANDED_IN = "('submitted', 'returned', 'candidate', 'ineligible')"


def upgrade() -> None:
    with op.batch_alter_table("award_terms", schema=None) as batch_op:
        batch_op.add_column(sa.Column("who", sa.String(length=12), nullable=True))
    op.execute("UPDATE award_terms SET who = 'contacts'")
    with op.batch_alter_table("award_terms", schema=None) as batch_op:
        batch_op.alter_column("who", existing_type=sa.String(length=12), nullable=False)
        batch_op.create_check_constraint(
            op.f("ck_award_terms_who"), "who IN ('contacts', 'oneself', 'colleagues')"
        )

    with op.batch_alter_table("nomination", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proposed", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("passed_on_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_index("uq_nomination_live")
    op.execute(
        sa.text("UPDATE nomination SET proposed = :no").bindparams(sa.bindparam("no", False, sa.Boolean()))
    )
    with op.batch_alter_table("nomination", schema=None) as batch_op:
        batch_op.alter_column("proposed", existing_type=sa.Boolean(), nullable=False)
        batch_op.create_check_constraint(op.f("ck_nomination_passed_on"), "proposed OR passed_on_at IS NULL")
        batch_op.create_check_constraint(
            op.f("ck_nomination_proposed"),
            f"NOT proposed OR passed_on_at IS NOT NULL OR state NOT IN {HANDED_IN}",
        )
        for name, columns, where in (
            ("uq_nomination_live", ["campaign_id", "person_id"], LIVE),
            ("uq_nomination_proposed", ["campaign_id", "person_id", "made_by"], PROPOSED),
        ):
            batch_op.create_index(
                name, columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
            )

    # No page brought files yet: what stands here without its nomination cannot be anybody's.
    op.execute("DELETE FROM nomination_file WHERE nomination_id NOT IN (SELECT id FROM nomination)")
    with op.batch_alter_table("nomination_file", schema=None) as batch_op:
        batch_op.add_column(sa.Column("part", sa.String(length=8), nullable=True))
    op.execute("UPDATE nomination_file SET part = 'evidence'")
    with op.batch_alter_table("nomination_file", schema=None) as batch_op:
        batch_op.alter_column("part", existing_type=sa.String(length=8), nullable=False)
        batch_op.create_check_constraint(
            op.f("ck_nomination_file_part"), "part IN ('deeds', 'minutes', 'evidence')"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_nomination_file_nomination_id"), "nomination", ["nomination_id"], ["id"]
        )
