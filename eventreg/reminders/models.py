"""Table of reminder rules."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime

from .rules import Anchor, AnchorSide, OffsetUnit, SlotProgress


def _one_of(column: str, values: type[Anchor | OffsetUnit | SlotProgress | AnchorSide]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(str(v)) for v in values)})", name=column)


class ReminderRule(Model):
    """A rule such as "3 days before the start at 09:00, to the seated".

    `slot_at` is when it is due, computed from the campaign's times, and `progress` the state of that slot; due rules are
    found by these two. `upto` is the last person for whom a letter of this slot was made, by id, `told` the number of
    letters. `at_minute` counts from midnight in the campaign's zone.
    """

    __tablename__ = "reminder_rule"
    __table_args__ = (
        Index("ix_reminder_rule_due", "progress", "slot_at"),
        _one_of("anchor", Anchor),
        _one_of("side", AnchorSide),
        _one_of("measure", OffsetUnit),
        _one_of("progress", SlotProgress),
        CheckConstraint("amount >= 0 AND upto >= 0 AND told >= 0", name="counters"),
        CheckConstraint("(at_minute IS NOT NULL) = (measure = 'days')", name="at"),
        CheckConstraint("(slot_at IS NULL) = (progress = 'unset')", name="slot"),
        CheckConstraint("activity_id IS NULL OR anchor IN ('start', 'end')", name="activity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), index=True)
    audience: Mapped[str] = mapped_column(String(24))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    anchor: Mapped[str] = mapped_column(String(10))
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"))
    side: Mapped[str] = mapped_column(String(10))
    amount: Mapped[int]
    measure: Mapped[str] = mapped_column(String(10))
    at_minute: Mapped[int | None]
    is_on: Mapped[bool] = mapped_column(default=True)
    slot_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    progress: Mapped[str] = mapped_column(String(10))
    upto: Mapped[int] = mapped_column(default=0)
    told: Mapped[int] = mapped_column(default=0)
    made_by: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)
