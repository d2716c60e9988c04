"""organisers without a campaign"""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_role_grant_role"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_role_grant_role"),
            "role IN ('unit_contact', 'department_head', 'organiser', 'hr_reviewer', 'administrator')",
        )
