"""Tables: the search index of nominations, the structure limits of awards, and opinions of other offices."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime


class NominationIndex(Model):
    """The submitted version of a nomination for search (`body`) and comparison (`prints`)."""

    __tablename__ = "nomination_index"

    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), primary_key=True)
    version: Mapped[int]
    body: Mapped[str] = mapped_column(Text, deferred=True)
    prints: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class StructureLimit(Model):
    """A limit: at most or at least so many per cent of the chosen are of a group (plan P3: representative)."""

    __tablename__ = "structure_limit"
    __table_args__ = (
        CheckConstraint("about IN ('unit', 'age', 'post')", name="about"),
        CheckConstraint("percent BETWEEN 1 AND 99", name="percent"),
        CheckConstraint("value <> ''", name="value"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), index=True)
    about: Mapped[str] = mapped_column(String(8))
    value: Mapped[str] = mapped_column(String(60))
    most: Mapped[bool]
    percent: Mapped[int]


class Opinion(Model):
    """What another office said about a candidate when it was asked (征求意见); HR enters the answer."""

    __tablename__ = "opinion"
    __table_args__ = (
        CheckConstraint("office IN ('discipline', 'personnel', 'safety')", name="office"),
        CheckConstraint("answer IN ('none', 'objection')", name="answer"),
    )

    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), primary_key=True)
    office: Mapped[str] = mapped_column(String(12), primary_key=True)
    answer: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(String(500))
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
