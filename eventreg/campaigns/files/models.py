"""Table of the files on campaigns' pages; the bytes of their copies are in the files folder (`core.uploaded_files.store`)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime
from eventreg.core.uploaded_files.file_names import NAME_MOST


class CampaignFile(Model):
    """One file of a campaign, at most one for each part; `id` is random and names it on the disk, `name` is the uploader's.

    `sha256` is that of the upload, `size` (bytes), `width` and `height` (pixels) are those of the copy.
    """

    __tablename__ = "campaign_file"
    __table_args__ = (
        UniqueConstraint("campaign_id", "part"),
        CheckConstraint("part IN ('picture', 'plan', 'map')", name="part"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("(part = 'plan') = (width IS NULL)", name="width"),
        CheckConstraint("(part = 'plan') = (height IS NULL)", name="height"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    part: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(NAME_MOST))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int | None]
    height: Mapped[int | None]
    kept_by: Mapped[str] = mapped_column(String(40))
    kept_at: Mapped[datetime] = mapped_column(UTCDateTime)
