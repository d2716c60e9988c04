"""Tables of scores: one a judge, nomination and criterion, and a judge's remark."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime


class Score(Model):
    """What a judge gave: `value` is in hundredths, so that 8.5 is exact."""

    __tablename__ = "score"
    __table_args__ = (CheckConstraint("value >= 0", name="value"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("award_round.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"), primary_key=True)
    value: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class JudgeRemark(Model):
    """A note of a judge about a nomination, for herself and the panel."""

    __tablename__ = "judge_remark"

    round_id: Mapped[int] = mapped_column(ForeignKey("award_round.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
