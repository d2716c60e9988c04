"""keys with states, and MACs of audit rows"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

PURPOSES = "('session', 'forms', 'tickets', 'codes', 'seal', 'audit', 'all')"
IS_CURRENT = sa.text("state = 'current'")


def upgrade() -> None:
    _keys()
    _number_seals()
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("nonce", sa.LargeBinary(16), nullable=True))
        batch_op.add_column(sa.Column("mac", sa.LargeBinary(32), nullable=True))
        batch_op.create_unique_constraint(op.f("uq_audit_entry_nonce"), ["nonce"])


def _keys() -> None:
    """The one fingerprint of all keys becomes a row of the new table; the next start replaces it by one for each
    key, which only the key file can tell.
    """
    op.create_table(
        "installation_key",
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("current_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"purpose IN {PURPOSES}", name=op.f("ck_installation_key_purpose")),
        sa.CheckConstraint(
            "state IN ('current', 'verifies', 'retired')", name=op.f("ck_installation_key_state")
        ),
        sa.CheckConstraint(
            "(state = 'retired') = (retired_at IS NOT NULL)", name=op.f("ck_installation_key_retired")
        ),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_installation_key")),
    )
    with op.batch_alter_table("installation_key", schema=None) as batch_op:
        batch_op.create_index(
            "uq_installation_key_current",
            ["purpose"],
            unique=True,
            sqlite_where=IS_CURRENT,
            postgresql_where=IS_CURRENT,
        )
    op.execute(
        "INSERT INTO installation_key (fingerprint, purpose, state, made_at, current_at) "
        "SELECT keys, 'all', 'current', made_at, made_at FROM installation"
    )
    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.drop_column("keys")
        batch_op.add_column(sa.Column("old_entries", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("old_seals", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("old_mac", sa.LargeBinary(32), nullable=True))


def _number_seals() -> None:
    """Seals are numbered without a gap from now on: a seal that is gone is then known by its number.

    On PostgreSQL a failed attempt to seal has left numbers out. Each seal moves down to a number that is free.
    """
    connection = op.get_bind()
    seals = sa.table("audit_seal", sa.column("id", sa.Integer))
    ids = connection.scalars(sa.select(seals.c.id).order_by(seals.c.id)).all()
    move = sa.update(seals).where(seals.c.id == sa.bindparam("old")).values(id=sa.bindparam("new"))
    moves = [{"old": old, "new": new} for new, old in enumerate(ids, 1) if old != new]
    if moves:
        connection.execute(move, moves)
