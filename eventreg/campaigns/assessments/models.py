"""The table of impact assessments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime


class Assessment(Model):
    """The impact assessment of one purpose, written before an ID number is asked for or a notice is published (PIPL 55).

    It is kept for three years from `at` (PIPL 56), also when everything else of the campaign is gone.
    """

    __tablename__ = "assessment"
    __table_args__ = (CheckConstraint("purpose IN ('id_number', 'notice')", name="purpose"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
