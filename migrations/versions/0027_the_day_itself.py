"""the day itself: check points, times, the walk, teams, screens and documents"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _documents()
    _points()
    _draws()
    _desk()
    _walk()
    _on_the_way()
    _teams()
    _programme()
    _check_points()
    _scans()


def _documents() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("lang", sa.String(length=10), nullable=False),
        sa.Column("asked_by", sa.String(length=40), nullable=True),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=True),
        sa.Column("made_at", INSTANT, nullable=True),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.CheckConstraint("(path IS NOT NULL) = (state = 'ready')", name=op.f("ck_document_path")),
        sa.CheckConstraint("state IN ('asked', 'making', 'ready', 'failed')", name=op.f("ck_document_state")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_document_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_campaign_id"), ["campaign_id"], unique=False)

    op.create_table(
        "screen",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("widgets", sa.JSON(), nullable=False),
        sa.Column("names", sa.String(length=10), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.CheckConstraint("names IN ('full', 'masked')", name=op.f("ck_screen_names")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_screen_campaign_id")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_screen_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screen")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_screen_token_hash")),
    )
    with op.batch_alter_table("screen", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_screen_campaign_id"), ["campaign_id"], unique=False)


def _points() -> None:
    op.create_table(
        "check_point",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("after", sa.String(length=20), nullable=True),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("role IN ('in', 'start', 'finish', 'other')", name=op.f("ck_check_point_role")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_check_point_activity_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_check_point_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", "code", name=op.f("pk_check_point")),
    )
    with op.batch_alter_table("check_point", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_check_point_activity_id"), ["activity_id"], unique=False)


def _draws() -> None:
    op.create_table(
        "draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("seed_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=True),
        sa.Column("among", sa.JSON(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("purpose IN ('teams', 'prize', 'order', 'tie')", name=op.f("ck_draw_purpose")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_draw_activity_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_draw_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw")),
    )
    with op.batch_alter_table("draw", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draw_campaign_id"), ["campaign_id"], unique=False)

    op.create_table(
        "draw_result",
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_draw_result_draw_id")),
        sa.PrimaryKeyConstraint("draw_id", "place", name=op.f("pk_draw_result")),
    )


def _desk() -> None:
    op.create_table(
        "let_in",
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("staff_no", sa.String(length=40), nullable=True),
        sa.Column("check_point", sa.String(length=20), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("shown", sa.String(length=10), nullable=False),
        sa.Column("answered", sa.String(length=40), nullable=False),
        sa.Column("off_at", INSTANT, nullable=True),
        sa.Column("off_by", sa.String(length=40), nullable=True),
        sa.Column("off_reason", sa.String(length=200), nullable=True),
        sa.CheckConstraint("shown IN ('green', 'amber', 'walk_in')", name=op.f("ck_let_in_shown")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_let_in_activity_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_let_in_campaign_id")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_let_in_device_id")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_let_in_registration_id")
        ),
        sa.PrimaryKeyConstraint("device_id", "nonce", name=op.f("pk_let_in")),
    )
    with op.batch_alter_table("let_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_let_in_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_let_in_registration_id"), ["registration_id"], unique=False)

    op.create_table(
        "walk_in_request",
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("staff_no", sa.String(length=40), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("shown", sa.String(length=10), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_walk_in_request_activity_id")
        ),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_walk_in_request_device_id")),
        sa.PrimaryKeyConstraint("device_id", "nonce", name=op.f("pk_walk_in_request")),
    )


def _walk() -> None:
    op.create_table(
        "mass_start",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_mass_start_activity_id")),
        sa.PrimaryKeyConstraint("activity_id", "no", name=op.f("pk_mass_start")),
    )
    op.create_table(
        "time_fix",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("check_point", sa.String(length=20), nullable=False),
        sa.Column("at", INSTANT, nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_time_fix_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_fix")),
    )
    with op.batch_alter_table("time_fix", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_time_fix_registration_id"), ["registration_id"], unique=False)


def _on_the_way() -> None:
    op.create_table(
        "walk_note",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "kind IN ('vehicle', 'gave_up', 'back_otherwise')", name=op.f("ck_walk_note_kind")
        ),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_walk_note_activity_id")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_walk_note_registration_id")
        ),
        sa.PrimaryKeyConstraint("activity_id", "registration_id", "kind", name=op.f("pk_walk_note")),
    )
    with op.batch_alter_table("walk_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_walk_note_registration_id"), ["registration_id"], unique=False)

    op.create_table(
        "crossing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("check_point", sa.String(length=20), nullable=False),
        sa.Column("device_at", INSTANT, nullable=True),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("doubt", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("struck_at", INSTANT, nullable=True),
        sa.Column("struck_by", sa.String(length=40), nullable=True),
        sa.Column("struck_reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_crossing_campaign_id")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_crossing_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crossing")),
        sa.UniqueConstraint("device_id", "nonce", name=op.f("uq_crossing_device_id_nonce")),
    )
    with op.batch_alter_table("crossing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_crossing_campaign_id"), ["campaign_id"], unique=False)


def _teams() -> None:
    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("formed", sa.String(length=10), nullable=False),
        sa.Column("locked_at", INSTANT, nullable=True),
        sa.CheckConstraint("formed IN ('wish', 'mixed', 'draw', 'hand')", name=op.f("ck_team_formed")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_team_activity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("activity_id", "number", name=op.f("uq_team_activity_id_number")),
    )
    op.create_table(
        "team_member",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_team_member_activity_id")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_team_member_registration_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_member_team_id")),
        sa.PrimaryKeyConstraint("activity_id", "registration_id", name=op.f("pk_team_member")),
    )
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_member_registration_id"), ["registration_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_team_member_team_id"), ["team_id"], unique=False)

    op.create_table(
        "flight",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("flown", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("rank IS NULL OR (flown AND rank > 0)", name=op.f("ck_flight_rank")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_flight_team_id")),
        sa.PrimaryKeyConstraint("team_id", name=op.f("pk_flight")),
    )


def _programme() -> None:
    op.create_table(
        "programme_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("nomination_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "kind IN ('forfeit', 'agenda', 'award', 'speech')", name=op.f("ck_programme_item_kind")
        ),
        sa.CheckConstraint("state IN ('due', 'done', 'excused')", name=op.f("ck_programme_item_state")),
        sa.CheckConstraint(
            "(CASE WHEN registration_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN team_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN nomination_id IS NULL THEN 0 ELSE 1 END) <= 1",
            name=op.f("ck_programme_item_one"),
        ),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_programme_item_activity_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_programme_item_campaign_id")),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nomination.id"], name=op.f("fk_programme_item_nomination_id")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_programme_item_registration_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_programme_item_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_item")),
    )
    with op.batch_alter_table("programme_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_item_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_programme_item_registration_id"), ["registration_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_programme_item_team_id"), ["team_id"], unique=False)


def _check_points() -> None:
    """Every campaign gets the three check points that were fixed until now; a device may stand at any other."""
    for position, (code, role) in enumerate((("door", "in"), ("start", "start"), ("finish", "finish")), 1):
        row = "SELECT id, :code, '', :role, :position FROM campaign"
        op.get_bind().execute(
            sa.text(f"INSERT INTO check_point (campaign_id, code, name, role, position) {row}"),
            {"code": code, "role": role, "position": position},
        )
    op.execute("UPDATE check_point SET after = 'start' WHERE code = 'finish'")
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_device_check_point"), type_="check")
        batch_op.add_column(sa.Column("offset_ms", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("offset_at", INSTANT, nullable=True))


def _scans() -> None:
    """The time of a scan was until now the one that its sender said. Existing notices cover nothing further."""
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.add_column(sa.Column("device_at", INSTANT, nullable=True))
        batch_op.add_column(sa.Column("sent_at", INSTANT, nullable=True))
        batch_op.add_column(sa.Column("at", INSTANT, nullable=True))
        batch_op.add_column(sa.Column("doubt", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("shown", sa.String(length=10), nullable=True))
    op.execute("UPDATE scan SET at = scanned_at")
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.alter_column("at", nullable=False)
        batch_op.alter_column("doubt", server_default=None)
    with op.batch_alter_table("privacy_notice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("covers", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("privacy_notice", schema=None) as batch_op:
        batch_op.alter_column("covers", server_default=None)
