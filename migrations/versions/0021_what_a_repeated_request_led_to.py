"""what a repeated request led to"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# Until now `registration_id` held the id of whatever was made, and 0 for a batch of scans; the scope tells which.
KIND = (
    "CASE WHEN scope LIKE 'person:% drafts %' THEN 'campaign' WHEN scope LIKE 'person:% writes %' THEN 'message' "
    "WHEN registration_id = 0 THEN 'scans' ELSE 'registration' END"
)


def upgrade() -> None:
    with op.batch_alter_table("request_key", schema=None) as batch_op:
        batch_op.add_column(sa.Column("result_kind", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("result_id", sa.Integer(), nullable=True))
    op.execute(f"UPDATE request_key SET result_kind = {KIND}, result_id = nullif(registration_id, 0)")  # noqa: S608
    with op.batch_alter_table("request_key", schema=None) as batch_op:
        batch_op.alter_column("result_kind", existing_type=sa.String(length=12), nullable=False)
        batch_op.drop_column("registration_id")
        batch_op.create_check_constraint(
            op.f("ck_request_key_result_kind"),
            "result_kind IN ('registration', 'campaign', 'message', 'scans')",
        )
        batch_op.create_check_constraint(
            op.f("ck_request_key_result_id"), "(result_kind = 'scans') = (result_id IS NULL)"
        )
