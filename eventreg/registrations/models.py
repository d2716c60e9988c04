"""Registrations, what each took, what was answered, and its ticket."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime
from eventreg.core.db.constraints import stands_for

LIVE = text("state IN ('seated', 'waiting')")


class Registration(Model):
    """One person in one campaign. `arrival` is the order, strictly increasing per campaign.

    At most one is live per person and campaign. `received_at` is when a paper form came in: kept
    for the record, it changes nothing in the order.
    """

    __tablename__ = "registration"
    __table_args__ = (
        UniqueConstraint("campaign_id", "arrival"),
        Index(
            "uq_registration_live",
            "campaign_id",
            "person_id",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        Index("ix_registration_queue", "campaign_id", "state", "arrival"),
        CheckConstraint("state IN ('seated', 'waiting', 'withdrawn')", name="state"),
        CheckConstraint("source IN ('web', 'api')", name="source"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    arrival: Mapped[int]
    registered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    received_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    source: Mapped[str] = mapped_column(String(10))
    notice_id: Mapped[int] = mapped_column(ForeignKey("privacy_notice.id"))
    consented_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    promoted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class TakenPlace(Model):
    """One place that one registration takes in one pool, so that exactly this one is given back."""

    __tablename__ = "taking"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"), primary_key=True)


class Answer(Model):
    """What a registration answered to one version of a question."""

    __tablename__ = "answer"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class Ticket(Model):
    """The hash of a ticket's token; re-issue adds a row with the next serial, the old stays revoked.

    The campaign is part of what `code_hash` is made of: a short code is unique within it.
    """

    __tablename__ = "ticket"
    __table_args__ = (UniqueConstraint("registration_id", "serial"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    serial: Mapped[int]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    code_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Message(Model):
    """A letter of an organiser's own to many: whom it was meant for, and what it said, as it was sent.

    `unit_id` belongs to the audience "unit", `question` (its key) and `answer` to "answer".
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("audience IN ('seated', 'waiting', 'unit', 'answer')", name="audience"),
        CheckConstraint("(unit_id IS NOT NULL) = (audience = 'unit')", name="unit"),
        CheckConstraint("(question IS NOT NULL) = (audience = 'answer')", name="question"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_by: Mapped[str] = mapped_column(String(40))
    audience: Mapped[str] = mapped_column(String(12))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    question: Mapped[str | None] = mapped_column(String(40))
    answer: Mapped[str | None] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(120))
    lines: Mapped[list[str]] = mapped_column(JSON)
    people: Mapped[int]
    without_mailbox: Mapped[int]


stands_for("uq_registration_live", "registration.exists")

# Written out and not bound: a planner takes the index of the live ones only where it sees that they are meant.
# With bound states SQLite walked all registrations of the campaign instead.
IS_LIVE = Registration.state.bool_op("IN")(literal_column("('seated', 'waiting')"))
