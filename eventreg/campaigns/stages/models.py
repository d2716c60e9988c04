"""The table of an award's stages."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model


class AwardStage(Model):
    """The days of a stage of an award, both included. Nominating is not among them: its time is the campaign's own window."""

    __tablename__ = "stage"
    __table_args__ = (
        CheckConstraint("code IN ('screen', 'judge', 'notice', 'approve', 'ceremony')", name="code"),
        CheckConstraint("ends_on >= starts_on", name="days"),
    )

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
