"""Tables of a round of judging: its rules, criteria, and the frozen list with its result."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime

from .rules import REASON_MOST, TITLE_MOST


class AwardRound(Model):
    """The one round of an award. Opening it freezes the list of nominations; closing it stores the ranking."""

    __tablename__ = "award_round"
    __table_args__ = (
        CheckConstraint("seats >= 1", name="seats"),
        CheckConstraint("tie_break IN ('none', 'first_criterion', 'chair')", name="tie_break"),
        CheckConstraint("closed_at IS NULL OR opened_at IS NOT NULL", name="closed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), unique=True)
    seats: Mapped[int]
    drops: Mapped[bool] = mapped_column(server_default=false())
    tie_break: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(REASON_MOST), server_default="")
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int]


class ScoringCriterion(Model):
    """A criterion of a round: `weight` in per cent, a score is from 0 to `most`."""

    __tablename__ = "criterion"
    __table_args__ = (
        UniqueConstraint("round_id", "position", name="uq_criterion_position"),
        CheckConstraint("weight BETWEEN 1 AND 100", name="weight"),
        CheckConstraint("most BETWEEN 1 AND 1000", name="most"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("award_round.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(TITLE_MOST))
    weight: Mapped[int]
    most: Mapped[int]


class JudgedNomination(Model):
    """A nomination in the frozen list with the version that judges read, and from closing on its rank and points.

    `points` is an exact fraction such as "523/6".
    """

    __tablename__ = "judged_nomination"

    round_id: Mapped[int] = mapped_column(ForeignKey("award_round.id"), primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), primary_key=True)
    version: Mapped[int]
    rank: Mapped[int | None]
    points: Mapped[str | None] = mapped_column(String(60))
