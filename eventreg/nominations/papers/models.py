"""Tables: submitted versions, and receipts of their paper forms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime
from eventreg.core.db.constraints import stands_for

from .rules import REMARK_MOST

STANDING = text("undone_at IS NULL")


class Submission(Model):
    """A version that was ever submitted; `digest` covers all its content.

    `terms` are the award's terms under which it was submitted; None for what was submitted before they were stored.
    `sensitive` says that it holds sensitive data, to which the nominee consents separately (PIPL 29).
    """

    __tablename__ = "submission"

    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    terms: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    sensitive: Mapped[bool] = mapped_column(server_default=false())


class PaperReceipt(Model):
    """The receipt of a printed version. A receipt that was taken back stays, with the reason."""

    __tablename__ = "paper_receipt"
    __table_args__ = (
        CheckConstraint("copies BETWEEN 1 AND 9", name="copies"),
        CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL) AND (undone_at IS NULL) = (reason IS NULL)",
            name="undone",
        ),
        Index(
            "uq_paper_receipt_standing",
            "nomination_id",
            "version",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"))
    version: Mapped[int]
    copies: Mapped[int]
    remark: Mapped[str] = mapped_column(String(REMARK_MOST))
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    received_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str | None] = mapped_column(String(REMARK_MOST))


stands_for("uq_paper_receipt_standing", "paper.received_meanwhile")
