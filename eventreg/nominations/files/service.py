"""The files of a nomination: store, find, open and delete them.

    received = receiving.receive(upload.stream, upload.filename, began=…)   # no transaction is open
    with unit_of_work():
        kept = files.keep(received, nomination_id=…, part=…, owner_id=…, by=…, now=…)

Access is decided in the query, by the nominations that somebody may see: a list of ids, or better a `select`.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Select, func, select
from sqlalchemy.orm import undefer

from eventreg.core.actor import Actor, actor_of
from eventreg.core.db.session import db
from eventreg.core.errors import Busy, NotFound, Refused
from eventreg.core.trail import audit
from eventreg.core.uploaded_files import store
from eventreg.core.uploaded_files.extracted_text import ExtractedText, mend
from eventreg.core.uploaded_files.reading import UNREAD, ReadingResult, look_into
from eventreg.core.uploaded_files.receiving import ReceivedFile
from eventreg.core.uploaded_files.rules import FileKind, FileState
from eventreg.nominations import wordcount

from . import rules
from .models import NominationFile
from .rules import MaterialPart

Within = Collection[int] | Select[int]  # the nominations that somebody may see
UNREADABLE = {
    "file.encrypted",
    "file.cut",
    "file.cut_picture",
    "file.other_inside",
}  # refused at the upload, kept when they are read later
BATCH = 8  # files that one run of the job reads


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A stored file. `zishu` is None, and not 0, if no text could be read."""

    id: str
    nomination_id: int
    part: MaterialPart
    name: str
    kind: FileKind
    size: int
    sha256: str
    state: FileState
    pages: int | None
    zishu: int | None
    copied: bool
    began_at: datetime
    kept_at: datetime

    @property
    def path(self) -> Path:
        """The path of the original, byte for byte as it was uploaded."""
        return store.path_of(self.id)


def keep(
    received: ReceivedFile,
    *,
    nomination_id: int,
    part: MaterialPart,
    owner_id: int,
    actor: Actor,
    most: int = rules.FILES_MOST,
) -> FileFacts:
    """Insert the row of a file that is on the disk. The caller has locked the nomination.

    Raises Refused file.too_many (most); the next sweep deletes the file then.
    """
    rules.check_room(_held(nomination_id), most=most)
    row = NominationFile(
        id=received.id,
        nomination_id=nomination_id,
        part=part,
        owner_id=owner_id,
        name=received.name,
        kind=received.kind,
        size=received.size,
        sha256=received.sha256,
        began_at=received.began,
        kept_at=actor.now,
    )
    _fill(row, received.reading)
    db.session.add(row)
    db.session.flush()
    audit.record("nomination.file_kept", f"nomination:{nomination_id}", actor=actor, file=row.id)
    return _facts(row)


def get(file_id: str, *, within: Within) -> FileFacts:
    """One file. Raises NotFound for a file of another nomination and for an unknown one."""
    return _facts(_row(file_id, within=within))


def find_same(received: ReceivedFile, part: MaterialPart, *, nomination_id: int) -> FileFacts | None:
    """The file of a nomination with the same bytes and name, if there is one: a button was pressed twice."""
    same = (
        NominationFile.nomination_id == nomination_id,
        NominationFile.part == part,
        NominationFile.sha256 == received.sha256,
        NominationFile.name == received.name,
    )
    row = db.session.scalar(select(NominationFile).where(*same).order_by(NominationFile.id).limit(1))
    return _facts(row) if row else None


def list_files(within: Within) -> list[FileFacts]:
    """The files of these nominations, by nomination, the oldest first."""
    rows = select(NominationFile).where(NominationFile.nomination_id.in_(within))
    ordered = rows.order_by(NominationFile.nomination_id, NominationFile.kept_at, NominationFile.id)
    return [_facts(row) for row in db.session.scalars(ordered)]


def extracted_text(file_id: str, *, within: Within) -> ExtractedText | None:
    """The text that was read in a file, one paragraph a line, and how it was mended; None if there is none. Raises NotFound."""
    row = _row(file_id, within=within, whole=True)
    return None if row.text is None else mend(zlib.decompress(row.text).decode(), FileKind(row.kind))


def text_of(file_id: str, *, within: Within) -> str | None:
    """The mended text alone. Raises NotFound."""
    found = extracted_text(file_id, within=within)
    return None if found is None else found.text


def stripped(file_id: str, *, within: Within) -> Path:
    """The path of the copy that judges may see; never that of the original.

    Raises NotFound, and Refused: file.no_copy_yet until it has been read, file.no_copy if no copy could be made.
    """
    row = _row(file_id, within=within)
    if not row.copied:
        raise Refused("file.no_copy_yet" if row.state == FileState.WAITING else "file.no_copy")
    return store.copy_of(file_id)


def drop(file_id: str, *, within: Within, actor: Actor) -> None:
    """Delete a file's row; a sweep deletes its bytes when they are a day old. Raises NotFound."""
    row = _row(file_id, within=within)
    about = f"nomination:{row.nomination_id}"
    audit.record("nomination.file_dropped", about, actor=actor, file=row.id)
    db.session.delete(row)


def refuse(file_id: str, *, within: Within, why: str, now: datetime) -> int:
    """Delete the row of a file that was refused when it was read later; returns the person who uploaded it.

    The caller deletes its bytes after the commit. Raises NotFound.
    """
    row = _row(file_id, within=within)
    about = f"nomination:{row.nomination_id}"
    audit.record("nomination.file_refused", about, actor=actor_of("system", now=now), file=row.id, why=why)
    db.session.delete(row)
    return row.owner_id


def nomination_of(file_id: str) -> int | None:
    """The nomination of a file; None when the file was deleted."""
    return db.session.scalar(select(NominationFile.nomination_id).where(NominationFile.id == file_id))


def list_waiting(*, most: int = BATCH) -> list[tuple[str, FileKind]]:
    """Files that could not be read when they were uploaded, the oldest first."""
    waiting = select(NominationFile.id, NominationFile.kind).where(NominationFile.state == FileState.WAITING)
    found = db.session.execute(waiting.order_by(NominationFile.kept_at, NominationFile.id).limit(most))
    return [(file_id, FileKind(kind)) for file_id, kind in found]


def look_again(file_id: str, kind: FileKind) -> ReadingResult | None:
    """Read a waiting file; None when no reader is free. Do not call it in a unit of work.

    Raises Refused: file.bomb and file.marks for a file that must be deleted. One with a password, a cut one and one whose
    text is another file harm nobody: they stay, unread.
    """
    try:
        return look_into(file_id, kind, patience=0)
    except Busy:
        return None
    except Refused as refused:
        if refused.code not in UNREADABLE:
            raise
        return UNREAD


def note(file_id: str, reading: ReadingResult) -> bool:
    """Store what was read; False when the file was deleted or read meanwhile."""
    mine = (NominationFile.id == file_id, NominationFile.state == FileState.WAITING)
    row = db.session.scalar(select(NominationFile).where(*mine).with_for_update())
    if row is not None:
        _fill(row, reading)
    return row is not None


def list_read(*, with_copy: bool) -> list[tuple[str, FileKind]]:
    """Files that were read, or could not be, the oldest first; without `with_copy` only those of which judges have no copy."""
    read = select(NominationFile.id, NominationFile.kind).where(NominationFile.state != FileState.WAITING)
    chosen = read if with_copy else read.where(NominationFile.copied.is_(False))
    found = db.session.execute(chosen.order_by(NominationFile.kept_at, NominationFile.id))
    return [(file_id, FileKind(kind)) for file_id, kind in found]


def note_again(file_id: str, reading: ReadingResult) -> bool:
    """Store what was read in a file that had been read before, if it is not less; False if nothing changed."""
    mine = (NominationFile.id == file_id, NominationFile.state != FileState.WAITING)
    rows = select(NominationFile).where(*mine).options(undefer(NominationFile.text)).with_for_update()
    row = db.session.scalar(rows.execution_options(populate_existing=True))
    if row is None or reading.state is not FileState.READ:
        return False
    if (row.copied and not reading.copied) or (row.text is not None and reading.text is None):
        return False
    before = row.state, row.text, row.zishu, row.copied
    _fill(row, reading)
    return before != (row.state, row.text, row.zishu, row.copied)


def known(ids: Collection[str]) -> set[str]:
    """Which of these ids have a row."""
    found: set[str] = set()
    listed = sorted(ids)
    for start in range(0, len(listed), 500):
        some = select(NominationFile.id).where(NominationFile.id.in_(listed[start : start + 500]))
        found |= set(db.session.scalars(some))
    return found


def _held(nomination_id: int) -> int:
    rows = select(func.count()).select_from(NominationFile)
    return db.session.scalar(rows.where(NominationFile.nomination_id == nomination_id)) or 0


def _fill(row: NominationFile, reading: ReadingResult) -> None:
    text = reading.text
    row.state, row.pages, row.copied = reading.state, reading.pages, reading.copied
    row.text = None if text is None else zlib.compress(text.encode())
    row.zishu = None if text is None else wordcount.zishu(mend(text, FileKind(row.kind)).text)


def _row(file_id: str, *, within: Within, whole: bool = False) -> NominationFile:
    mine = (NominationFile.id == file_id, NominationFile.nomination_id.in_(within))
    rows = select(NominationFile).where(*mine).execution_options(populate_existing=True)
    found = db.session.scalar(rows.options(undefer(NominationFile.text)) if whole else rows)
    if found is None:
        raise NotFound("nomination_file")
    return found


def _facts(row: NominationFile) -> FileFacts:
    return FileFacts(
        row.id,
        row.nomination_id,
        MaterialPart(row.part),
        row.name,
        FileKind(row.kind),
        row.size,
        row.sha256,
        FileState(row.state),
        row.pages,
        row.zishu,
        row.copied,
        row.began_at,
        row.kept_at,
    )
