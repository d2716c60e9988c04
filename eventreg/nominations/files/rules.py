"""What the files of a nomination are for, how many there may be, and when an upload is in time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from eventreg.core.errors import Refused
from eventreg.core.uploaded_files.rules import FileKind

FILES_MOST = 10  # of one nomination
GRACE = timedelta(minutes=10)


class MaterialPart(StrEnum):
    """The part of a nomination that a file is handed in for: 事迹材料, 推荐产生过程, 佐证."""

    DEEDS = "deeds"
    MINUTES = "minutes"
    EVIDENCE = "evidence"


TAKEN: Mapping[MaterialPart, tuple[FileKind, ...]] = {
    MaterialPart.DEEDS: (FileKind.DOCX, FileKind.PDF),
    MaterialPart.MINUTES: tuple(FileKind),
    MaterialPart.EVIDENCE: tuple(FileKind),
}


def check_room(held: int, *, most: int = FILES_MOST) -> None:
    """Check that a nomination can have one more file. Raises Refused file.too_many (most)."""
    if held >= most:
        raise Refused("file.too_many", most=most)


def in_time(*, began: datetime, ended: datetime, closes_at: datetime) -> bool:
    """Whether an upload counts: it began before the deadline and was complete at most GRACE after it."""
    return began < closes_at and ended <= closes_at + GRACE
