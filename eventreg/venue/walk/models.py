"""Tables of the walk: crossings, corrected times, mass starts and notes. Nothing is deleted; what is wrong is undone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime


class Crossing(Model):
    """A tap on "somebody crosses": the time first, the name by a scan afterwards.

    Which scan names the person is computed from all taps and scans (`bursts.py`). A struck tap is nobody's.
    """

    __tablename__ = "crossing"
    __table_args__ = (UniqueConstraint("device_id", "nonce"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    nonce: Mapped[str] = mapped_column(String(64))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    check_point: Mapped[str] = mapped_column(String(20))
    device_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    doubt: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(String(200))
    struck_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    struck_by: Mapped[str | None] = mapped_column(String(40))
    struck_reason: Mapped[str | None] = mapped_column(String(200))


class TimeFix(Model):
    """A corrected time of a person at a check point; `at` None says that no reading counts there."""

    __tablename__ = "time_fix"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    check_point: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(String(200))
    by: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class MassStart(Model):
    """A start of an activity for everybody at once; the last one that was not undone counts."""

    __tablename__ = "mass_start"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(40))
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class WalkNote(Model):
    """What happened to somebody on the way: a vehicle took them, they gave up, or they came back another way."""

    __tablename__ = "walk_note"
    __table_args__ = (CheckConstraint("kind IN ('vehicle', 'gave_up', 'back_otherwise')", name="kind"),)

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    note: Mapped[str] = mapped_column(String(200))
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
