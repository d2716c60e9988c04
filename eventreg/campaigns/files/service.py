"""The files on a campaign's page: received, stored and removed.

    received = receive(upload.stream, upload.name, part=…, began=…)   # no transaction is open
    with unit_of_work():
        keep(campaign_id, received, part, actor=…)

Only the copy that a child process drew anew is kept, so no page sends what somebody uploaded.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import delete, select

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts, CampaignFileFacts
from eventreg.campaigns.plan.planning import note
from eventreg.core import sandbox
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import Busy, NotFound, Refused
from eventreg.core.uploaded_files import receiving, store
from eventreg.core.uploaded_files.receiving import ReceivedFile
from eventreg.core.uploaded_files.rules import FileState

from .models import CampaignFile
from .rules import TAKEN, CampaignPart


def receive(
    stream: IO[bytes],
    name: str,
    *,
    part: CampaignPart,
    began: datetime,
    patience: float = sandbox.PATIENCE,
) -> ReceivedFile:
    """Write an upload to the disk and have it copied; only the copy stays. Do not call it in a unit of work.

    Raises Refused: file.no_public_copy where no copy could be made, and what `receiving.receive` raises; Busy when no
    reader is free within `patience` seconds.
    """
    received = receiving.receive(
        stream, name, began=began, allowed=TAKEN[part], patience=patience, for_page=True
    )
    if not received.reading.copied:
        receiving.discard(received.id)
        if received.reading.state is FileState.WAITING:
            raise Busy("no reader is free")
        raise Refused("file.no_public_copy")
    store.path_of(received.id).unlink()
    return received


def keep(campaign_id: int, received: ReceivedFile, part: CampaignPart, *, actor: Actor) -> str:
    """Put a received file on the campaign's page, instead of the one that was there. Returns the id of the stored file.

    A file that is sent twice is stored once.
    """
    campaign, _window = campaigns.lock_window(campaign_id)
    row = _row(campaign_id, part)
    if row is not None and (row.sha256, row.name) == (received.sha256, received.name):
        return row.id
    if row is not None:
        db.session.delete(row)
        db.session.flush()
    reading = received.reading
    db.session.add(
        CampaignFile(
            id=received.id,
            campaign_id=campaign_id,
            part=str(part),
            name=received.name,
            size=store.copy_of(received.id).stat().st_size,
            sha256=received.sha256,
            width=reading.width,
            height=reading.height,
            kept_by=actor.audit_name,
            kept_at=actor.now,
        )
    )
    note(campaign, "file_kept", actor=actor, part=str(part), file=received.id)
    return received.id


def drop(campaign_id: int, part: CampaignPart, *, actor: Actor) -> bool:
    """Take a file off the campaign's page; False when there is none. A sweep deletes its bytes when they are a day old."""
    campaign, _window = campaigns.lock_window(campaign_id)
    mine = (CampaignFile.campaign_id == campaign_id, CampaignFile.part == str(part))
    gone = db.session.scalar(delete(CampaignFile).where(*mine).returning(CampaignFile.id))
    if gone is None:
        return False
    note(campaign, "file_dropped", actor=actor, part=str(part), file=gone)
    return True


def get_copy(campaign: CampaignFacts, file_id: str) -> tuple[Path, CampaignFileFacts]:
    """The path of the copy of one of the campaign's files. Raises NotFound, also when the bytes are not on this disk."""
    found = next((file for file in campaign.files if file.id == file_id), None)
    if found is None or not store.copy_of(file_id).is_file():
        raise NotFound("campaign_file")
    return store.copy_of(file_id), found


def known(ids: Collection[str]) -> set[str]:
    """Which of these ids have a row."""
    found: set[str] = set()
    listed = sorted(ids)
    for start in range(0, len(listed), 500):
        some = select(CampaignFile.id).where(CampaignFile.id.in_(listed[start : start + 500]))
        found |= set(db.session.scalars(some))
    return found


def _row(campaign_id: int, part: CampaignPart) -> CampaignFile | None:
    mine = (CampaignFile.campaign_id == campaign_id, CampaignFile.part == str(part))
    rows = select(CampaignFile).where(*mine)
    return db.session.scalar(rows.execution_options(populate_existing=True))
