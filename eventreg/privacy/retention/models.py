"""Tables: runs of the retention job, and erasures that somebody asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime


class PurgeRun(Model):
    """What the retention job removed from a campaign at one of its two dates: part of the removal → number of rows."""

    __tablename__ = "purge_run"
    __table_args__ = (CheckConstraint("due IN ('retain', 'archive')", name="due"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    due: Mapped[str] = mapped_column(String(8))
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class ErasureRequest(Model):
    """An erasure on request: what was removed, and what had to be kept with the reason. It names no value that is gone."""

    __tablename__ = "erasure_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    erased: Mapped[dict[str, Any]] = mapped_column(JSON)
    kept: Mapped[dict[str, Any]] = mapped_column(JSON)
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
