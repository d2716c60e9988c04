"""Add and remove the files of a nomination, and use their text as deeds text, with the award locked.

received = receiving.receive(upload.stream, upload.filename, began=…, allowed=TAKEN[part])
with unit_of_work():
    materials.keep(nomination_id, received, part, by=…, now=…)
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from eventreg.campaigns import checks
from eventreg.campaigns.rules import SignUpWindow
from eventreg.core.actor import Actor, person_actor
from eventreg.core.combining_marks import check_marks
from eventreg.core.errors import NotFound, Refused
from eventreg.core.uploaded_files.receiving import ReceivedFile
from eventreg.core.uploaded_files.rules import FileState

from . import decisions, drafts, reading
from .drafts import SaveResult
from .files import service as files
from .files.rules import MaterialPart
from .files.service import FileFacts
from .models import Nomination
from .reading import NominationFacts
from .rules import EDITABLE, LONGEST, NominationState, closes_at
from .signing import service as signing


def keep(nomination_id: int, received: ReceivedFile, part: MaterialPart, *, actor: Actor) -> FileFacts:
    """Add a file that is on the disk to a nomination of the contact's departments; sent twice, it is added once.

    This is possible after the deadline too; a late file is marked. It voids the signature, and the heads are informed.
    Raises NotFound, Refused("nomination.not_draft") for a withdrawn or decided nomination, ("file.too_many").
    """
    row = _lock(nomination_id, actor=actor)
    if same := files.find_same(received, part, nomination_id=row.id):
        return same
    kept = files.keep(received, nomination_id=row.id, part=part, owner_id=actor.person_id, actor=actor)
    signing.files_changed(row, actor=actor)
    return kept


def drop(nomination_id: int, file_id: str, *, actor: Actor) -> None:
    """Remove a file, which voids the signature. Raises NotFound, and Refused("nomination.not_draft") as `keep` does."""
    row = _lock(nomination_id, actor=actor)
    files.drop(file_id, within=[row.id], actor=actor)
    signing.files_changed(row, actor=actor)


def refuse(file_id: str, *, why: str, now: datetime) -> None:
    """Remove a file that was recognised as a bomb when it was read later, which voids the signature.

    Nothing happens when it was removed meanwhile.
    """
    nomination_id = files.nomination_of(file_id)
    if nomination_id is None:
        return
    row = drafts.lock_one(nomination_id)
    try:
        by = files.refuse(file_id, within=[row.id], why=why, now=now)
    except NotFound:
        return
    signing.files_changed(row, actor=person_actor(by, now=now))


def counts_until(found: NominationFacts, window: SignUpWindow, extended_until: datetime | None) -> datetime:
    """Until when a file of a nomination is in time: the department's deadline, or the date until which a returned nomination
    may be corrected, also after it was submitted again."""
    given = [one.due_at for one in decisions.list_of([found.id]).get(found.id, []) if one.due_at]
    return max(closes_at(window, extended_until), *given) if given else closes_at(window, extended_until)


def text_in(file_id: str, *, within: files.Within) -> str:
    """A document's text like a typed one: without control characters, line ends as LF.

    Raises NotFound; Refused("file.no_text_yet") until it has been read, ("file.no_text") for scanned pages and files that
    could not be read, ("typed.too_long"), and ("typed.marks") for a file from before such texts were refused.
    """
    text = files.text_of(file_id, within=within)
    if text is None:
        waits = files.get(file_id, within=within).state is FileState.WAITING
        raise Refused("file.no_text_yet" if waits else "file.no_text")
    typed = checks.prose(text, most=LONGEST, required=False)
    if not typed:
        raise Refused("file.no_text")
    check_marks(typed)
    return typed


def use_text(nomination_id: int, file_id: str, *, seen: int, tab: str, actor: Actor) -> SaveResult:
    """Save a document's text as the deeds text in a new version; the file and the earlier versions stay.

    Raises what `text_in` and `drafts.save` do.
    """
    row = _lock(nomination_id, actor=actor)
    text = text_in(file_id, within=[row.id])
    content = replace(reading.saved(row.id, row.version).content, deeds=text)
    return drafts.save(row.id, content, seen=seen, tab=tab, actor=actor)


def _lock(nomination_id: int, *, actor: Actor) -> Nomination:
    row = drafts.lock(nomination_id, actor=actor)
    if NominationState(row.state) not in EDITABLE:
        raise Refused("nomination.not_draft")
    return row
