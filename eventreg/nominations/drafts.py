"""Drafts of nominations: begin one, save its versions, put them in order of preference."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, union

from eventreg.campaigns import service as campaigns
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.core.trail import audit
from eventreg.people import service as people
from eventreg.people.rules import Gender

from . import access, quotas, reading, terms
from .models import PASSED_ON, Nomination, NominationDecision, NominationVersion
from .papers.models import Submission
from .reading import SavedVersion
from .rules import EDITABLE, NominationContent, NominationState, Nominee, check_nominee, check_open, closes_at
from .signing.models import NominationSignature
from .version_pruning import versions_to_prune

CHAIN = {NominationState.DRAFT, NominationState.SUBMITTED}


@dataclass(frozen=True, slots=True)
class SaveResult:
    """The result of saving: the current version, and the one that somebody else saved meanwhile, if any.

    A conflict is not refused: the page shows both texts, to be compared and saved again.
    """

    version: int
    other: SavedVersion | None = None


def begin(campaign_id: int, unit_id: int, person_id: int, *, actor: Actor) -> int:
    """Begin a draft for a person of the department, as the last in its order of preference; returns its id.

    Asked again it is the same draft. Raises NotFound for a department without places or of another contact,
    Refused("nomination.exists") when the person is nominated already, ("nomination.no_place_left") when all places of the
    department are taken, and what `check_open` and `check_nominee` do.
    """
    campaign, window = campaigns.lock_window(campaign_id)
    line = quotas.lock_line(campaign_id, unit_id)
    theirs = access.departments_of(actor.person_id, now=actor.now)
    if line is None or not line.places or unit_id not in theirs:
        raise NotFound("quota")
    check_open(window, line.extended_until, now=actor.now)
    known = find_live(campaign_id, person_id)
    if known is not None:
        if known.unit_id == unit_id and known.state == str(NominationState.DRAFT):
            return known.id
        raise Refused("nomination.exists")
    if line.filled >= line.places:
        raise Refused("nomination.no_place_left", places=line.places)
    asks = terms.terms_of(campaigns.campaign_by_id(campaign.id))
    person = people.person_facts(person_id)
    nominee = Nominee(person.gender is Gender.FEMALE, person.employed, person.unit_id)
    check_nominee(nominee, asks, unit_ids=people.units_under(unit_id))
    return add(campaign_id, unit_id, person_id, actor=actor)


def save(nomination_id: int, content: NominationContent, *, seen: int, tab: str, actor: Actor) -> SaveResult:
    """Save a version. This is possible at any time, also after the deadline, so that nothing that was typed is lost.

    The version that was submitted before counts until the new one is submitted.

    The same content again makes no new version. A newer version that the same page saved (`tab`) is no conflict: its
    answer got lost. A newer version of another page is one, and nothing is written then. Raises NotFound for a nomination
    of another department, Refused("nomination.not_draft").
    """
    row = lock(nomination_id, actor=actor)
    if NominationState(row.state) not in EDITABLE:
        raise Refused("nomination.not_draft")
    return save_into(row, content, seen=seen, tab=tab, actor=actor)


def save_into(
    row: Nomination, content: NominationContent, *, seen: int, tab: str, actor: Actor
) -> SaveResult:
    """Save a version as `save` does, of a row that the caller has locked and may change."""
    latest = reading.saved(row.id, row.version)
    if latest.content == content:
        return SaveResult(row.version)
    if _saved_elsewhere(row.id, since=seen, tab=tab):
        return SaveResult(row.version, latest)
    return SaveResult(_write(row, content, tab=tab, actor=actor))


def move_up(nomination_id: int, *, actor: Actor) -> None:
    """Move a nomination up in the order of preference; the first one stays.

    Raises NotFound, Refused("nomination.order_fixed") once the department can submit no longer.
    """
    row = lock(nomination_id, actor=actor)
    line = quotas.find_line(row.campaign_id, row.unit_id)
    window = campaigns.campaign_by_id(row.campaign_id).window
    if actor.now >= closes_at(window, line.extended_until if line else None):
        raise Refused("nomination.order_fixed")
    before = select(Nomination).where(
        Nomination.campaign_id == row.campaign_id,
        Nomination.unit_id == row.unit_id,
        Nomination.state != str(NominationState.WITHDRAWN),
        PASSED_ON,
        Nomination.preference < row.preference,
    )
    above = db.session.scalar(before.order_by(Nomination.preference.desc(), Nomination.id.desc()).limit(1))
    if above is None:
        return
    above.preference, row.preference = row.preference, above.preference
    note(row, "preferred", actor=actor)


def lock(nomination_id: int, *, actor: Actor) -> Nomination:
    """Lock a nomination of the contact's own departments; its award's row is locked before it is read.

    Raises NotFound for a nomination of another department and for an unknown id.
    """
    return lock_one(nomination_id, access.for_contact(actor.person_id, now=actor.now))


def lock_one(nomination_id: int, *readable: ColumnElement[bool]) -> Nomination:
    """The same for another reader, by a condition of `access`; without one for jobs, which read on nobody's behalf."""
    campaign_id = db.session.scalar(select(Nomination.campaign_id).where(Nomination.id == nomination_id))
    if campaign_id is None:
        raise NotFound("nomination")
    campaigns.lock_window(campaign_id)
    wanted = select(Nomination).where(Nomination.id == nomination_id, *readable)
    row = db.session.scalar(wanted.execution_options(populate_existing=True))
    if row is None:
        raise NotFound("nomination")
    return row


def note(row: Nomination, action: str, *, actor: Actor) -> None:
    """Write one audit row about a nomination; it holds ids only."""
    facts = {"campaign": row.campaign_id, "unit": row.unit_id}
    audit.record(f"nomination.{action}", f"nomination:{row.id}", actor=actor, **facts)


def find_live(campaign_id: int, person_id: int) -> Nomination | None:
    """The nomination of a person in an award that is not withdrawn, of any department. For reading only."""
    here = (Nomination.campaign_id == campaign_id, Nomination.person_id == person_id)
    live = (Nomination.state != str(NominationState.WITHDRAWN), PASSED_ON)
    return db.session.scalar(select(Nomination).where(*here, *live))


def add(campaign_id: int, unit_id: int, person_id: int, *, actor: Actor, proposed: bool = False) -> int:
    """Insert an empty draft as the last of its department; returns its id. The caller has checked everything."""
    here = (Nomination.campaign_id == campaign_id, Nomination.unit_id == unit_id)
    last = db.session.scalar(select(func.max(Nomination.preference)).where(*here)) or 0
    row = Nomination(
        campaign_id=campaign_id,
        unit_id=unit_id,
        person_id=person_id,
        state=str(NominationState.DRAFT),
        preference=last + 1,
        version=0,
        made_at=actor.now,
        made_by=actor.person_id,
        proposed=proposed,
    )
    db.session.add(row)
    db.session.flush()
    _write(row, NominationContent(), tab="", actor=actor)
    note(row, "proposed" if proposed else "begun", actor=actor)
    return row.id


def _saved_elsewhere(nomination_id: int, *, since: int, tab: str) -> bool:
    newer = (NominationVersion.nomination_id == nomination_id, NominationVersion.number > since)
    others = select(NominationVersion.id).where(*newer, NominationVersion.tab != tab)
    return db.session.scalar(others.limit(1)) is not None


def _write(row: Nomination, content: NominationContent, *, tab: str, actor: Actor) -> int:
    row.version += 1
    db.session.add(
        NominationVersion(
            nomination_id=row.id,
            number=row.version,
            answers=dict(content.answers),
            ticked=list(content.ticked),
            deeds=content.deeds,
            tab=tab,
            saved_at=actor.now,
            saved_by=actor.person_id,
        )
    )
    _thin(row, now=actor.now)
    return row.version


def _thin(row: Nomination, *, now: datetime) -> None:
    """Delete old versions, so that automatic saving does not fill the database."""
    mine = NominationVersion.nomination_id == row.id
    kept = db.session.execute(select(NominationVersion.number, NominationVersion.saved_at).where(mine))
    numbers: Collection[int] = versions_to_prune([(n, at) for n, at in kept], keep=_kept(row), now=now)
    if numbers:
        db.session.execute(delete(NominationVersion).where(mine, NominationVersion.number.in_(numbers)))


def _kept(row: Nomination) -> set[int]:
    """The first version, and versions that other rows refer to."""
    decided = select(NominationDecision.version).where(NominationDecision.nomination_id == row.id)
    signed = select(NominationSignature.version).where(NominationSignature.nomination_id == row.id)
    submitted = select(Submission.version).where(Submission.nomination_id == row.id)
    return {1, row.handed_in or 1, *db.session.scalars(union(decided, signed, submitted))}
