"""Tables: signatures, delegations, consents and corrections."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime

STANDS = text("voided_at IS NULL")


class NominationSignature(Model):
    """A signature on one version and its digest; `on_behalf_of` is the head for whom a delegate signed."""

    __tablename__ = "nomination_signature"
    __table_args__ = (
        Index(
            "uq_nomination_signature_live",
            "nomination_id",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), index=True)
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    signed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    on_behalf_of: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    voided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Delegation(Model):
    """A delegation by a head: who may sign for a unit, from `since` until `until`, which is earlier when it was ended early."""

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("since <= until", name="period"),
        CheckConstraint("head_id <> delegate_id", name="other"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    head_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    delegate_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime] = mapped_column(UTCDateTime)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class NominationConsent(Model):
    """A nominee's answer to one purpose, about the content with this `digest` and after this privacy notice.

    The newest answer to a purpose counts, until the content is submitted in other words (`overtaken_at`).
    """

    __tablename__ = "nomination_consent"
    __table_args__ = (
        CheckConstraint("purpose IN ('judges', 'notice', 'sensitive')", name="purpose"),
        CheckConstraint("(given_at IS NULL) <> (declined_at IS NULL)", name="answered"),
        CheckConstraint("withdrawn_at IS NULL OR given_at IS NOT NULL", name="withdrawn"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(12))
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    notice_version: Mapped[str] = mapped_column(String(40))
    given_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    declined_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    overtaken_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class NominationCorrection(Model):
    """What a nominee says is wrong in a version, for the department's contacts."""

    __tablename__ = "nomination_correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), index=True)
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)
