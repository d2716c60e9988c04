"""The robots of group chats, each with the news it is told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime

from .rules import ChatService


class Robot(Model):
    """A robot in a group: of one campaign, or with no `campaign_id` of all.

    The address is a secret (whoever has it writes into the group), so it is sealed like the signing
    secret; `host` and `tail` are all that is shown of it, `mark` tells it from another. All are gone
    from a robot that was taken away (`gone_at`); its row stays, for letters name it. `next_at` is when
    its service lets the next message in, `places_told` what the group heard last of the free places.
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
