"""Uploaded roster files: read, stored for an hour for their uploader, imported as they were previewed."""

from __future__ import annotations

import json
import secrets
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound
from eventreg.core.trail import audit

from .models import RosterUpload
from .reading import RosterFile
from .roster import ImportPlan, import_roster, plan_import
from .rules import RosterRow

LIFE = timedelta(hours=1)
NAME_MOST = 120
SKIPPED_MOST = 200
OF_THE_SHEET = (
    "hidden",
    "hidden_columns",
    "filled",
    "skipped",
    "other_sheets",
)  # stored in the report until the import


@dataclass(frozen=True, slots=True)
class SheetReading:
    """How a file was read, as in `RosterFile`: hidden rows and columns, cells filled, lines and sheets that were not read."""

    hidden: int = 0
    hidden_columns: Sequence[str] = ()
    filled: int = 0
    skipped: Sequence[tuple[int, str]] = ()
    other_sheets: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class UploadFacts:
    """A file that waits for confirmation, or one that was imported, with `report`: change → number of persons.

    Until then `report` has what its sheet hid or merged.
    """

    id: str
    name: str
    leavers: bool
    ignored: tuple[str, ...]
    expires_at: datetime
    applied_at: datetime | None
    report: Mapping[str, Any]

    @property
    def read_as(self) -> SheetReading:
        """What its sheet hid or merged, and what was not read."""
        return SheetReading(**{name: self.report[name] for name in OF_THE_SHEET if name in self.report})


def keep(file: RosterFile, *, name: str, leavers: bool, owner_id: int, actor: Actor) -> str:
    """Store the rows of a file for an hour for its owner; returns its random id.

    With `leavers` it is the full roster: persons who are missing have left.
    """
    upload = RosterUpload(
        id=secrets.token_urlsafe(18),
        owner_id=owner_id,
        name=name[:NAME_MOST],
        leavers=leavers,
        ignored=[column[:NAME_MOST] for column in file.ignored[:NAME_MOST]],
        rows=_packed(file.rows),
        made_at=actor.now,
        expires_at=actor.now + LIFE,
        report={name: getattr(file, name) for name in OF_THE_SHEET}
        | {"skipped": file.skipped[:SKIPPED_MOST]},
    )
    db.session.add(upload)
    audit.record("roster.uploaded", f"roster_upload:{upload.id}", actor=actor, rows=len(file.rows))
    return upload.id


def get(upload_id: str, *, owner_id: int, now: datetime) -> UploadFacts:
    """A file of this owner. Raises NotFound for another person's, an unknown and an expired one."""
    return _facts(_row(upload_id, owner_id=owner_id, now=now))


def preview(upload_id: str, *, owner_id: int, now: datetime) -> ImportPlan:
    """What importing it now would change. Reads only."""
    row = _row(upload_id, owner_id=owner_id, now=now)
    return plan_import(_unpacked(row), now=now, leavers=row.leavers)


def apply(
    upload_id: str,
    *,
    owner_id: int,
    seen: str,
    stay: Collection[int],
    actor: Actor,
    leaving: int | None = None,
    returned: bool = False,
) -> UploadFacts:
    """Import exactly what was previewed, once; repeated, it returns the first report.

    Raises NotFound, and what `import_roster` raises; the file can be imported later then.
    """
    row = _row(upload_id, owner_id=owner_id, now=actor.now, lock=True)
    if row.applied_at is not None:
        return _facts(row)
    report = import_roster(
        _unpacked(row),
        actor=actor,
        leavers=row.leavers,
        seen=seen,
        leaving=leaving,
        returned=returned,
        stay=stay,
    )
    counts = {str(change): n for change, n in report.counts.items()} | {"units": report.new_units}
    row.rows, row.applied_at, row.report = None, actor.now, counts
    audit.record("roster.imported", f"roster_upload:{row.id}", actor=actor, **counts)
    return _facts(row)


def purge(*, before: datetime) -> int:
    """Delete files that were not confirmed in time, and reports of the same age; returns how many."""
    old = delete(RosterUpload).where(RosterUpload.expires_at < before).returning(RosterUpload.id)
    return len(db.session.scalars(old).all())


def _row(upload_id: str, *, owner_id: int, now: datetime, lock: bool = False) -> RosterUpload:
    mine = (RosterUpload.id == upload_id, RosterUpload.owner_id == owner_id, RosterUpload.expires_at > now)
    rows = select(RosterUpload).where(*mine).execution_options(populate_existing=True)
    found = db.session.scalar(rows.with_for_update() if lock else rows)
    if found is None:
        raise NotFound("roster_upload")
    return found


def _facts(row: RosterUpload) -> UploadFacts:
    return UploadFacts(
        row.id, row.name, row.leavers, tuple(row.ignored), row.expires_at, row.applied_at, row.report
    )


def _packed(rows: tuple[RosterRow, ...]) -> bytes:
    return zlib.compress(json.dumps([asdict(row) for row in rows], ensure_ascii=False).encode())


def _unpacked(row: RosterUpload) -> list[RosterRow]:
    if row.rows is None:
        raise NotFound("roster_upload")
    stored: list[dict[str, Any]] = json.loads(zlib.decompress(row.rows))
    return [RosterRow(**cells) for cells in stored]
