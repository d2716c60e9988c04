"""Table of group robots."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime

from .rules import ChatService


class Robot(Model):
    """A robot in a group chat, of one campaign, or without `campaign_id` of the whole season.

    The address is a secret, because everybody who has it can write into the group. It is encrypted like the signing
    secret; only `host` and `tail` of it are shown, and `mark` distinguishes it from others. All are deleted when a robot
    is removed (`gone_at`); its row stays, because letters refer to it. `next_at` is when its service accepts the next
    message, `places_told` the last news about free places.
    """

    __tablename__ = "robot"
    __table_args__ = (
        UniqueConstraint("campaign_id", "mark"),
        CheckConstraint(f"service IN ({', '.join(repr(str(s)) for s in ChatService)})", name="service"),
        CheckConstraint("(address IS NULL) = (gone_at IS NOT NULL)", name="gone"),
        CheckConstraint("NOT is_on OR gone_at IS NULL", name="on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    service: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(40))
    address: Mapped[bytes | None] = mapped_column(LargeBinary)
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    mark: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    host: Mapped[str] = mapped_column(String(253))
    tail: Mapped[str] = mapped_column(String(4))
    news: Mapped[list[str]] = mapped_column(JSON)
    is_on: Mapped[bool]
    made_by: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    gone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    places_told: Mapped[str | None] = mapped_column(String(10))
