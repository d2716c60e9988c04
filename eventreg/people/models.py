"""Tables of the roster: units, persons and uploaded roster files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime
from eventreg.core.db.constraints import stands_for

from .rules import Gender as Gender
from .rules import UnitKind as UnitKind


class Unit(Model):
    """A node of the org tree; its name is unique among its siblings."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("parent_id", "name"),
        Index(
            "uq_unit_root",
            "kind",
            unique=True,
            sqlite_where=text("kind = 'company'"),
            postgresql_where=text("kind = 'company'"),
        ),
        CheckConstraint("(kind = 'company') = (parent_id IS NULL)", name="root"),
        CheckConstraint("kind IN ('company', 'department', 'second_level', 'team')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))


class Person(Model):
    """An employee of the roster, known by staff number and never by name."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("gender IN ('female', 'male')", name="gender"),
        CheckConstraint("staff_no <> '' AND name <> ''", name="named"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_no: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    gender: Mapped[str] = mapped_column(String(10))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    phone: Mapped[str | None] = mapped_column(String(20))
    locale: Mapped[str | None] = mapped_column(String(10))
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class RosterUpload(Model):
    """An uploaded roster file that waits for its uploader's confirmation; `id` is random.

    `rows` are its compressed rows, deleted after the import; `report` then has the number of persons for each change.
    """

    __tablename__ = "roster_upload"
    __table_args__ = (CheckConstraint("(rows IS NULL) = (applied_at IS NOT NULL)", name="rows"),)

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(120))
    leavers: Mapped[bool]
    ignored: Mapped[list[str]] = mapped_column(JSON)
    rows: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    report: Mapped[dict[str, Any]] = mapped_column(JSON)


stands_for("uq_person_staff_no", "people.staff_no_taken")
stands_for("uq_person_email", "people.email_taken")
