"""rules of places, dates that move, registrations by hand, and questions of more kinds"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

NEVER_AGAIN = {"sqlite_autoincrement": True}  # the id of a deleted draft is not used again
INSTANT = sa.DateTime(timezone=True)
KINDS = "kind IN ('phone', 'text', 'paragraph', 'number', 'date', 'choice', 'choices', 'yes')"
SOURCES = "source IN ('web', 'api', 'organiser', 'contact', 'door')"
UNCONFIRMED = "confirm_by IS NOT NULL AND confirmed_at IS NULL"
SAME = "other.campaign_id = pool.campaign_id AND other.scope = pool.scope AND coalesce(other.unit_id, 0) = coalesce(pool.unit_id, 0) AND coalesce(other.gender, '') = coalesce(pool.gender, '')"


def upgrade() -> None:
    _join_double_pools()
    _campaigns()
    _pools()
    _questions()
    _registrations()
    _lists()
    _acts()


def _join_double_pools() -> None:
    """Nothing forbade two pools of one unit until now. The first takes over what the others hold, with the smallest capacity."""
    connection = op.get_bind()
    first = f"(SELECT min(other.id) FROM pool AS other WHERE {SAME})"  # noqa: S608
    connection.execute(
        sa.text(f"UPDATE pool SET capacity = (SELECT min(other.capacity) FROM pool AS other WHERE {SAME})")  # noqa: S608
    )
    rows = connection.execute(
        sa.text(f"SELECT pool.id, {first} AS kept FROM pool WHERE pool.id <> {first}")  # noqa: S608
    ).all()
    for double, kept in rows:
        both = {"double": double, "kept": kept}
        connection.execute(
            sa.text(
                "INSERT INTO taking (registration_id, pool_id) SELECT registration_id, :kept FROM taking AS held "
                "WHERE pool_id = :double AND NOT EXISTS (SELECT 1 FROM taking AS mine "
                "WHERE mine.pool_id = :kept AND mine.registration_id = held.registration_id)"
            ),
            both,
        )
        connection.execute(sa.text("DELETE FROM taking WHERE pool_id = :double"), {"double": double})
        connection.execute(sa.text("DELETE FROM pool WHERE id = :double"), {"double": double})
        connection.execute(
            sa.text(
                "UPDATE pool SET taken = (SELECT count(*) FROM taking WHERE pool_id = :kept) WHERE id = :kept"
            ),
            {"kept": kept},
        )


def _campaigns() -> None:
    with op.batch_alter_table("campaign", schema=None, table_kwargs=NEVER_AGAIN) as batch_op:
        batch_op.add_column(sa.Column("for_gender", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("one_of", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("offer_from_h", sa.Integer(), nullable=False, server_default="24"))
        batch_op.add_column(sa.Column("offer_minutes", sa.Integer(), nullable=False, server_default="120"))
        batch_op.create_check_constraint(op.f("ck_campaign_for_gender"), "for_gender IN ('female', 'male')")
        batch_op.create_check_constraint(
            op.f("ck_campaign_offers"), "offer_from_h >= 0 AND offer_minutes > 0"
        )
    with op.batch_alter_table("campaign", schema=None, table_kwargs=NEVER_AGAIN) as batch_op:
        batch_op.alter_column("offer_from_h", server_default=None)
        batch_op.alter_column("offer_minutes", server_default=None)


def _pools() -> None:
    with op.batch_alter_table("pool", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_pool_scope"), type_="check")
        batch_op.add_column(sa.Column("ends_at", INSTANT, nullable=True))
        batch_op.add_column(sa.Column("lifted_at", INSTANT, nullable=True))
        batch_op.add_column(sa.Column("question_key", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("option", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("added", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_check_constraint(op.f("ck_pool_added"), "added >= 0")
        batch_op.create_check_constraint(
            op.f("ck_pool_scope"), "scope IN ('total', 'unit', 'gender', 'option', 'rest')"
        )
        batch_op.create_check_constraint(
            op.f("ck_pool_option"),
            "(question_key IS NOT NULL) = (scope = 'option') AND (option IS NOT NULL) = (scope = 'option')",
        )
        batch_op.create_check_constraint(op.f("ck_pool_lifted"), "lifted_at IS NULL OR ends_at IS NOT NULL")
    with op.batch_alter_table("pool", schema=None) as batch_op:
        batch_op.alter_column("added", server_default=None)
    op.create_index(
        "uq_pool_bound",
        "pool",
        [
            "campaign_id",
            "scope",
            sa.text("coalesce(unit_id, 0)"),
            sa.text("coalesce(gender, '')"),
            sa.text("coalesce(question_key, '')"),
            sa.text("coalesce(option, '')"),
        ],
        unique=True,
    )


def _questions() -> None:
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_question_kind"), type_="check")
        batch_op.add_column(sa.Column("options", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("least", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("most", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("purpose", sa.String(length=160), nullable=False, server_default=""))
        batch_op.create_check_constraint(op.f("ck_question_kind"), KINDS)
    # Until now a text had several lines; from now on "text" is one line.
    op.execute("UPDATE question SET kind = 'paragraph' WHERE kind = 'text'")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.alter_column("options", server_default=None)
        batch_op.alter_column("purpose", server_default=None)


def _registrations() -> None:
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_registration_source"), type_="check")
        batch_op.add_column(sa.Column("asked_at", INSTANT, nullable=True))
        batch_op.add_column(sa.Column("confirm_for", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("confirm_by", INSTANT, nullable=True))
        batch_op.add_column(sa.Column("confirmed_at", INSTANT, nullable=True))
        batch_op.create_check_constraint(op.f("ck_registration_source"), SOURCES)
        batch_op.create_check_constraint(
            op.f("ck_registration_confirm_for"), "confirm_for IN ('move', 'offer')"
        )
        batch_op.create_check_constraint(
            op.f("ck_registration_asked"),
            "(confirm_by IS NULL) = (confirm_for IS NULL) AND (confirm_by IS NULL) = (asked_at IS NULL)",
        )
    op.create_index(
        "ix_registration_confirm_by",
        "registration",
        ["campaign_id", "confirm_by"],
        sqlite_where=sa.text(UNCONFIRMED),
        postgresql_where=sa.text(UNCONFIRMED),
    )


def _key(column: str, target: str) -> sa.Column[int]:
    return sa.Column(column, sa.Integer(), sa.ForeignKey(target), primary_key=True)


def _lists() -> None:
    op.create_table("campaign_unit", _key("campaign_id", "campaign.id"), _key("unit_id", "unit.id"))
    op.create_table("campaign_person", _key("campaign_id", "campaign.id"), _key("person_id", "person.id"))
    op.create_index(op.f("ix_campaign_person_person_id"), "campaign_person", ["person_id"])
    op.create_table(
        "one_of_claim",
        _key("season_id", "season.id"),
        sa.Column("one_of", sa.String(length=40), primary_key=True),
        _key("person_id", "person.id"),
        sa.Column(
            "registration_id", sa.Integer(), sa.ForeignKey("registration.id"), nullable=False, unique=True
        ),
    )
    op.create_table(
        "exemption",
        _key("campaign_id", "campaign.id"),
        _key("unit_id", "unit.id"),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )


def _acts() -> None:
    op.create_table(
        "date_change",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("campaign_id", sa.Integer(), sa.ForeignKey("campaign.id"), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("confirm_by", INSTANT, nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("was", sa.JSON(), nullable=False),
        sa.Column("became", sa.JSON(), nullable=False),
    )
    op.create_index(op.f("ix_date_change_campaign_id"), "date_change", ["campaign_id"])
    op.create_table(
        "hand_act",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("registration_id", sa.Integer(), sa.ForeignKey("registration.id"), nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("act IN ('enter', 'take_out', 'correct')", name=op.f("ck_hand_act_act")),
    )
    op.create_index(op.f("ix_hand_act_registration_id"), "hand_act", ["registration_id"])
    op.create_table("added_place", _key("registration_id", "registration.id"), _key("pool_id", "pool.id"))
    op.create_table(
        "lapse_watch",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("run_at", INSTANT, nullable=True),
        sa.Column("gap_at", INSTANT, nullable=True),
        sa.Column("lost", sa.Boolean(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_lapse_watch_one")),
    )
