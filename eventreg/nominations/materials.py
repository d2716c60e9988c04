"""The files of a nomination, behind its award's lock: brought, taken out, their text made the deeds text.

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

from . import decisions, drafts, reading
from .drafts import SaveResult
from .files import service as files
from .files.receiving import ReceivedFile
from .files.rules import FileState, MaterialPart
from .files.service import FileFacts
from .models import Nomination
from .reading import NominationFacts
from .rules import EDITABLE, LONGEST, NominationState, closes_at
from .signing import service as signing


def keep(nomination_id: int, received: ReceivedFile, part: MaterialPart, *, actor: Actor) -> FileFacts:
    """Let a nomination of `by`'s departments have a file that is on the disk; sent twice, it is one.

    Also after the deadline: what came late stays beside the draft. A signature is void by it, and the heads
    are told. Raises NotFound,
    Refused("nomination.not_draft") once it is withdrawn or decided, ("file.too_many").
    """
    row = _lock(nomination_id, actor=actor)
    if same := files.find_same(received, part, nomination_id=row.id):
        return same
    kept = files.keep(received, nomination_id=row.id, part=part, owner_id=actor.person_id, actor=actor)
    signing.files_changed(row, actor=actor)
    return kept


def drop(nomination_id: int, file_id: str, *, actor: Actor) -> None:
    """Take a file out; a signature is void by it. Raises NotFound, and Refused("nomination.not_draft") as
    `keep` does."""
    row = _lock(nomination_id, actor=actor)
    files.drop(file_id, within=[row.id], actor=actor)
    signing.files_changed(row, actor=actor)


def refuse(file_id: str, *, why: str, now: datetime) -> None:
    """Take out a file that turned out to be a bomb when it was read later; a signature is void by it.

    Nothing happens when it was dropped meanwhile.
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
    """Until when a file of a nomination is in time: the department's deadline, or the last day that whoever
    returned it has given for mending, also once it was submitted again."""
    given = [one.due_at for one in decisions.list_of([found.id]).get(found.id, []) if one.due_at]
    return max(closes_at(window, extended_until), *given) if given else closes_at(window, extended_until)


def text_in(file_id: str, *, within: files.Within) -> str:
    """A document's text as it would be typed: without control characters, line ends as LF.

    Raises NotFound; Refused("file.no_text_yet") while it waits to be read, ("file.no_text") for pages
    that were scanned and for what could not be read, ("typed.too_long"), ("typed.marks") for a file that
    came before such texts were refused.
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
    """Make a document's text the deeds text, as a version; the file stays, and so does what stood there.

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
