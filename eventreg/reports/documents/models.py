"""The table of long documents."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime


class Document(Model):
    """A long document that is made off the request path and can be loaded for seven days.

    `asked_by` is the actor (`person:5`); None: made by a rule, for the campaign's organisers. `done` of `of` parts are made. `path` is relative to
    the folder of documents.
    """

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'making', 'ready', 'failed')", name="state"),
        CheckConstraint("(path IS NOT NULL) = (state = 'ready')", name="path"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    lang: Mapped[str] = mapped_column(String(10))
    asked_by: Mapped[str | None] = mapped_column(String(40))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(10))
    done: Mapped[int]
    of: Mapped[int] = mapped_column("of", Integer)
    path: Mapped[str | None] = mapped_column(String(200))
    made_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
