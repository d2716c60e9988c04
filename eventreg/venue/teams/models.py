"""Tables: teams and their members, how a team flew, and draws with their results."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime


class Team(Model):
    """A team of an activity. `formed` says how; from `locked_at` on its members stay."""

    __tablename__ = "team"
    __table_args__ = (
        UniqueConstraint("activity_id", "number"),
        CheckConstraint("formed IN ('wish', 'mixed', 'draw', 'hand')", name="formed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(40))
    formed: Mapped[str] = mapped_column(String(10))
    locked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class TeamMember(Model):
    """A person is in one team of an activity."""

    __tablename__ = "team_member"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True, index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)


class Flight(Model):
    """Whether the kite of a team flew, and its rank by height: 1 is the highest."""

    __tablename__ = "flight"
    __table_args__ = (CheckConstraint("rank IS NULL OR (flown AND rank > 0)", name="rank"),)

    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), primary_key=True)
    flown: Mapped[bool]
    rank: Mapped[int | None]
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Draw(Model):
    """A draw that anybody can recompute: the seed's SHA-256 is shown before, the seed after."""

    __tablename__ = "draw"
    __table_args__ = (CheckConstraint("purpose IN ('teams', 'prize', 'order', 'tie')", name="purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"))
    purpose: Mapped[str] = mapped_column(String(10))
    seed_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    seed: Mapped[str | None] = mapped_column(String(64))
    among: Mapped[list[Any]] = mapped_column(JSON)
    wanted: Mapped[int]
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class DrawResult(Model):
    """What was drawn, in the order in which it was drawn; `drawn` is an entry of `among`."""

    __tablename__ = "draw_result"

    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    drawn: Mapped[int]
