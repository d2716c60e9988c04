"""consent to sensitive data, messages to people of an award"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

SENSITIVE = ("ethnicity", "native_place", "political_status", "id_number")


def upgrade() -> None:
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sensitive", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("nomination_consent", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_nomination_consent_purpose"), type_="check")
        batch_op.alter_column("purpose", existing_type=sa.String(length=8), type_=sa.String(length=12))
        batch_op.create_check_constraint(
            op.f("ck_nomination_consent_purpose"), "purpose IN ('judges', 'notice', 'sensitive')"
        )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_message_audience"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_message_audience"),
            "audience IN ('seated', 'waiting', 'unit', 'answer', 'contacts', 'nominees', 'candidates')",
        )
    _mark_submissions()


def _mark_submissions() -> None:
    """Mark what was submitted with sensitive data, so that its nominee is asked."""
    version = sa.table(
        "nomination_version", *map(sa.column, ("nomination_id", "number")), sa.column("answers", sa.JSON)
    )
    submission = sa.table("submission", *map(sa.column, ("nomination_id", "version", "sensitive")))
    where = (submission.c.nomination_id == version.c.nomination_id, submission.c.version == version.c.number)
    rows = sa.select(submission.c.nomination_id, submission.c.version, version.c.answers)
    for nomination, number, answers in op.get_bind().execute(rows.join(version, sa.and_(*where))).all():
        if any((answers or {}).get(key) for key in SENSITIVE):
            mine = (submission.c.nomination_id == nomination, submission.c.version == number)
            op.get_bind().execute(sa.update(submission).where(*mine).values(sensitive=sa.true()))
