"""how registrations end, and when a day without an hour begins"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# Who withdrew them until now: a program for its organiser, the product for somebody who had left, or the person.
ENDED = (
    "CASE WHEN EXISTS (SELECT 1 FROM audit_entry WHERE {mine} AND \"by\" LIKE 'token:%') THEN 'organiser' "
    "WHEN EXISTS (SELECT 1 FROM audit_entry WHERE {mine} AND \"by\" = 'system') THEN 'left' ELSE 'herself' END"
).replace("{mine}", "action = 'registration.withdrawn' AND subject = 'registration:' || registration.id")


def upgrade() -> None:
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.add_column(sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(op.f("ck_activity_begun"), "begun_at IS NULL OR NOT time_known")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ended_why", sa.String(length=10), nullable=True))
    op.execute(f"UPDATE registration SET ended_why = {ENDED} WHERE state = 'withdrawn'")  # noqa: S608
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_registration_ended_why"), "ended_why IN ('herself', 'organiser', 'left', 'silent')"
        )
        batch_op.create_check_constraint(
            op.f("ck_registration_ended"), "(ended_why IS NOT NULL) = (state = 'withdrawn')"
        )
