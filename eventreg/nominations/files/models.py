"""Table of uploaded files; their bytes are in the files folder (see `store`)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime
from eventreg.core.uploaded_files.file_names import NAME_MOST


class NominationFile(Model):
    """One uploaded file; `id` is random and names it on the disk, `name` is the uploader's, `part` what it is for.

    `text` is the text that a child process read, compressed; `copied` says that there is a copy without metadata.
    `began_at` is when the upload began, which decides whether it was in time.
    """

    __tablename__ = "nomination_file"
    __table_args__ = (
        CheckConstraint("part IN ('deeds', 'minutes', 'evidence')", name="part"),
        CheckConstraint("kind IN ('docx', 'pdf', 'jpg', 'png')", name="kind"),
        CheckConstraint("state IN ('waiting', 'read', 'unread')", name="state"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("state = 'read' OR (text IS NULL AND NOT copied)", name="unread"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), index=True)
    part: Mapped[str] = mapped_column(String(8))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(NAME_MOST))
    kind: Mapped[str] = mapped_column(String(8))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(8))
    pages: Mapped[int | None]
    zishu: Mapped[int | None]
    text: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    copied: Mapped[bool]
    began_at: Mapped[datetime] = mapped_column(UTCDateTime)
    kept_at: Mapped[datetime] = mapped_column(UTCDateTime)
