"""Tables: requests of people without a registration at the desk, and people whom a phone let through by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime


class WalkInRequest(Model):
    """Somebody without a registration who asked at the desk for a place; `answer` is None until the server decided."""

    __tablename__ = "walk_in_request"

    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_no: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    shown: Mapped[str] = mapped_column(String(10))
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"))
    answer: Mapped[str | None] = mapped_column(String(40))


class LetIn(Model):
    """Somebody whom a phone let through and whom the server did not admit.

    They are on the premises, so they are listed among those here until they are seen elsewhere or `off_at` is set by
    hand. They take no place. `shown` is what the phone showed, `answered` the server's code.
    """

    __tablename__ = "let_in"
    __table_args__ = (CheckConstraint("shown IN ('green', 'amber', 'walk_in')", name="shown"),)

    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"))
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"), index=True)
    staff_no: Mapped[str | None] = mapped_column(String(40))
    check_point: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    shown: Mapped[str] = mapped_column(String(10))
    answered: Mapped[str] = mapped_column(String(40))
    off_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    off_by: Mapped[str | None] = mapped_column(String(40))
    off_reason: Mapped[str | None] = mapped_column(String(200))
