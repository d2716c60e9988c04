"""Tables of the outbox. Each letter is a row, written in the transaction of the fact that it is about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime

from .rules import Channel, LetterState, PauseReason


class Letter(Model):
    """One letter to one person or one robot. `key` is unique, so that no letter is posted twice.

    `campaign_id` is the campaign that it is about, if any. It is not sent after `expires_at`. `facts` are ids and codes
    for the renderer; `sealed` is encrypted content (a sign-in code), deleted once the letter is sent. `message_id` is made
    once, so that a repeat after a crash has the same one. `bounced_at` is noted by hand when the letter bounced. `in_file` says
    that it was written to a file, because there was no mail server: nobody has received it.
    """

    __tablename__ = "letter"
    __table_args__ = (
        Index("ix_letter_due", "state", "lane", "due_at", "id"),
        CheckConstraint(f"state IN ({', '.join(repr(str(s)) for s in LetterState)})", name="state"),
        CheckConstraint(f"channel IN ({', '.join(repr(str(c)) for c in Channel)})", name="channel"),
        CheckConstraint("lane IN (0, 1, 2)", name="lane"),
        CheckConstraint("bounced_at IS NULL OR state = 'sent'", name="bounced"),
        CheckConstraint("NOT in_file OR state = 'sent'", name="in_file"),
        CheckConstraint("(robot_id IS NULL) = (channel = 'mail')", name="robot"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    lane: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    address: Mapped[str | None] = mapped_column(String(254))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    channel: Mapped[str] = mapped_column(String(12), default=str(Channel.MAIL))
    robot_id: Mapped[int | None] = mapped_column(ForeignKey("robot.id"), index=True)
    locale: Mapped[str] = mapped_column(String(10))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    message_id: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[str] = mapped_column(String(12))
    posted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None] = mapped_column(String(60))
    claimed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    trouble: Mapped[str | None] = mapped_column(Text)
    bounced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    bounced_by: Mapped[str | None] = mapped_column(String(40))
    in_file: Mapped[bool] = mapped_column(default=False)


class Postbox(Model):
    """A single row about all ordinary letters: whether they are paused, and when the next one may be sent.

    `next_at` makes all sending processes share a rate limit.
    """

    __tablename__ = "postbox"
    __table_args__ = (
        CheckConstraint("id = 1", name="one"),
        CheckConstraint(f"why IN ({', '.join(repr(str(why)) for why in PauseReason)})", name="why"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    paused_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    paused_by: Mapped[str | None] = mapped_column(String(40))
    why: Mapped[str | None] = mapped_column(String(12))
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Lease(Model):
    """A lease: which process may do what only one process does. It expires by the database's clock."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner: Mapped[str] = mapped_column(String(60))
    until: Mapped[datetime] = mapped_column(UTCDateTime)
