"""The table of screens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime


class Screen(Model):
    """A full-screen page at the venue, opened by a link whose token is stored as a hash.

    `widgets` are the codes of its pages, in their order. `device_id` is the device as which it admits people who scan
    the code on it. `names` says whether it shows full names; the privacy notice must cover that.
    """

    __tablename__ = "screen"
    __table_args__ = (CheckConstraint("names IN ('full', 'masked')", name="names"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    name: Mapped[str] = mapped_column(String(40))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    widgets: Mapped[list[Any]] = mapped_column(JSON)
    names: Mapped[str] = mapped_column(String(10))
    until: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
