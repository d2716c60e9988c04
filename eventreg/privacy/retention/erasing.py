"""Erasure on request (PIPL 47): what goes, what has to stay and why, and the same again after a backup was restored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, or_, select

from eventreg.campaigns.models import Activity, Campaign
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound
from eventreg.core.keyring.installation import get_uid
from eventreg.core.trail import audit
from eventreg.nominations.models import Nomination, NominationDecision
from eventreg.nominations.papers.models import Submission
from eventreg.nominations.signing.models import NominationSignature
from eventreg.people.models import Person
from eventreg.registrations.models import Registration

from .belonging import of_person
from .models import ErasureRequest
from .noted import NotedErasure
from .service import count_removals, files_of, remove


@dataclass(frozen=True, slots=True)
class ErasureFacts:
    """What an erasure takes (part → rows) and what stays (reason → rows). `contact`: mail and phone of who has left."""

    person_id: int
    parts: Mapping[str, int]
    kept: Mapping[str, int]


def facts_of(person_id: int, *, now: datetime) -> ErasureFacts:
    """What would be erased and what would stay. Raises NotFound. Reads only."""
    person = _person(person_id)
    roots = of_person(person_id, ended=_ended(now))
    parts = dict(count_removals(roots))
    contact = sum(1 for held in (person.email, person.phone) if held)
    if person.left_at is not None and contact:
        parts["contact"] = contact
    return ErasureFacts(person_id, parts, _kept(person, now=now))


def erase(person_id: int, *, actor: Actor) -> list[str]:
    """Erase what can be erased, in the open unit; returns the ids of files that are to be deleted from the disk.

    In the same unit the caller notes it outside the database (`noted.note`), so that a restored backup does it again. A
    note without a commit is harmless: the job then carries out what the administrator confirmed.
    """
    person = _person(person_id)
    roots = of_person(person_id, ended=_ended(actor.now))
    kept = _kept(person, now=actor.now)
    files = files_of(roots)
    counts = Counter(remove(roots))
    if person.left_at is not None:
        counts["contact"] += sum(1 for held in (person.email, person.phone) if held)
        person.email = person.phone = None
    told = {part: n for part, n in sorted(counts.items()) if n}
    db.session.add(
        ErasureRequest(person_id=person_id, erased=told, kept=kept, by=actor.audit_name, at=actor.now)
    )
    audit.record("person.erased", f"person:{person_id}", actor=actor, parts=told, kept=kept)
    return files


def mark_of(person_id: int) -> str:
    """The hash by which a noted erasure knows its person again. Raises NotFound."""
    return _mark(_person(person_id).staff_no)


def list_lost(noted: Collection[NotedErasure]) -> list[int]:
    """The people among the noted erasures whose erasure the database does not know: a backup of before was restored.

    A line counts only where id and mark are those of one person. A backup of before they joined knows neither, and gives
    their id to whoever joins next.
    """
    if not noted:
        return []
    ids = {line.person_id for line in noted}
    people = select(Person.id, Person.staff_no).where(Person.id.in_(ids))
    marks = {id_: _mark(staff_no) for id_, staff_no in db.session.execute(people)}
    rows = select(ErasureRequest.person_id, func.max(ErasureRequest.at)).group_by(ErasureRequest.person_id)
    known = dict(db.session.execute(rows).all())
    lost = (
        line.person_id
        for line in noted
        if marks.get(line.person_id) == line.mark
        and (line.person_id not in known or known[line.person_id] < line.at)
    )
    return list(dict.fromkeys(lost))


def _mark(staff_no: str) -> str:
    return sha256(f"{get_uid()}:{staff_no}".encode()).hexdigest()[:32]


def _person(person_id: int) -> Person:
    found = db.session.get(Person, person_id, populate_existing=True)
    if found is None:
        raise NotFound("person")
    return found


def _ended(now: datetime) -> frozenset[int]:
    """The campaigns whose deadline and activities are over."""
    goes_on = select(Activity.campaign_id).where(Activity.ends_at >= now)
    over = select(Campaign.id).where(Campaign.closes_at < now, Campaign.id.not_in(goes_on))
    return frozenset(db.session.scalars(over))


def _kept(person: Person, *, now: datetime) -> dict[str, int]:
    """Reason → rows that stay."""
    ended = _ended(now)
    mine = Registration.person_id == person.id
    submitted = Nomination.id.in_(select(Submission.nomination_id))
    counts = {
        "roster": int(person.left_at is None),
        "running": _count(Registration, mine, Registration.campaign_id.not_in(ended))
        + _count(Nomination, Nomination.person_id == person.id, Nomination.campaign_id.not_in(ended)),
        "participation": _count(Registration, mine, Registration.campaign_id.in_(ended)),
        "nominations": _count(Nomination, Nomination.person_id == person.id, submitted),
        "decisions": _count(NominationDecision, NominationDecision.decided_by == person.id)
        + _count(
            NominationSignature,
            or_(NominationSignature.signed_by == person.id, NominationSignature.on_behalf_of == person.id),
        ),
    }
    return {reason: n for reason, n in counts.items() if n}


def _count(model: type, *where: object) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0  # type: ignore[arg-type]
