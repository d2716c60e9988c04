"""Tables: registrations, the places each took, answers, tickets and messages."""

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
UNCONFIRMED = text("confirm_by IS NOT NULL AND confirmed_at IS NULL")


class Registration(Model):
    """One person in one campaign. `arrival` is the order, strictly increasing per campaign.

    A person has at most one live registration in a campaign. `received_at` is when a paper form was received; it is
    stored for the record and does not change the order. Whoever was asked to confirm their place (`confirm_for`: after a
    moved date, or because the place is offered) does so before `confirm_by`; at that instant it is too late.
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
        CheckConstraint("source IN ('web', 'api', 'organiser', 'contact', 'door')", name="source"),
        CheckConstraint("ended_why IN ('herself', 'organiser', 'left', 'silent')", name="ended_why"),
        CheckConstraint("(ended_why IS NOT NULL) = (state = 'withdrawn')", name="ended"),
        CheckConstraint("confirm_for IN ('move', 'offer')", name="confirm_for"),
        CheckConstraint(
            "(confirm_by IS NULL) = (confirm_for IS NULL) AND (confirm_by IS NULL) = (asked_at IS NULL)",
            name="asked",
        ),
        Index(
            "ix_registration_confirm_by",
            "campaign_id",
            "confirm_by",
            sqlite_where=UNCONFIRMED,
            postgresql_where=UNCONFIRMED,
        ),
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
    ended_why: Mapped[str | None] = mapped_column(String(10))
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirm_for: Mapped[str | None] = mapped_column(String(10))
    confirm_by: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class TakenPlace(Model):
    """A place that a registration has taken in a pool; the same place is given back later."""

    __tablename__ = "taking"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"), primary_key=True)


class OneOfClaim(Model):
    """The one live registration of a person among the campaigns of a season with the same `one_of`."""

    __tablename__ = "one_of_claim"

    season_id: Mapped[int] = mapped_column(ForeignKey("season.id"), primary_key=True)
    one_of: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), unique=True)


class HandAct(Model):
    """An act by hand on a registration. The code of its reason is public, the note is for organisers."""

    __tablename__ = "hand_act"
    __table_args__ = (CheckConstraint("act IN ('enter', 'take_out', 'correct')", name="act"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    act: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(String(200))
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class AddedPlace(Model):
    """A place that was added to a full pool for one registration; it ends with that registration."""

    __tablename__ = "added_place"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"), primary_key=True)


class Answer(Model):
    """The answer of a registration to one version of a question."""

    __tablename__ = "answer"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class Ticket(Model):
    """A ticket, stored as the hash of its token. Re-issuing revokes the row and adds one with the next serial.

    `code_hash` also covers the campaign: a short code is unique within a campaign.
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
    """A message of an organiser as it was sent: its audience and its text.

    `unit_id` belongs to the audience "unit", `question` (its key) and `answer` to "answer".
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint(
            "audience IN ('seated', 'waiting', 'unit', 'answer', 'contacts', 'nominees', 'candidates')",
            name="audience",
        ),
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


class LapseWatchRow(Model):
    """A single row: when the job that ends places of silent people ran last (see `confirming.rules.LapseWatch`)."""

    __tablename__ = "lapse_watch"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    gap_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lost: Mapped[bool] = mapped_column(default=False)


stands_for("uq_registration_live", "registration.exists")
stands_for("pk_one_of_claim", "registration.one_of_taken")

# The states are written into the SQL and not bound as parameters: only then does the planner see that it can use the
# partial index of live registrations. With bound states SQLite scanned all registrations of the campaign.
IS_LIVE = Registration.state.bool_op("IN")(literal_column("('seated', 'waiting')"))
