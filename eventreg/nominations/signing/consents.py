"""Nominees see what others will see, consent to each purpose or decline, and report what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from eventreg.campaigns import checks
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.nominations import access, drafts, reading
from eventreg.nominations.models import Nomination
from eventreg.nominations.reading import NominationFacts
from eventreg.nominations.rules import NominationState

from . import letters, service
from .models import NominationConsent, NominationCorrection
from .rules import CORRECTION_MOST, NOTICE_VERSION, ConsentAnswer, ConsentPurpose, DisclosedContent
from .service import ConsentFacts

CORRECTIONS_MOST = 20  # corrections of one nomination


@dataclass(frozen=True, slots=True)
class OwnNomination:
    """A nomination as its nominee sees it."""

    found: NominationFacts
    shown: Mapping[ConsentPurpose, DisclosedContent]
    consents: Mapping[ConsentPurpose, ConsentFacts | None]
    corrections: list[CorrectionFacts]


@dataclass(frozen=True, slots=True)
class CorrectionFacts:
    """A nominee's note about what is wrong in a version."""

    version: int
    text: str
    at: datetime


def is_waiting(person_id: int) -> bool:
    """Whether a nomination of this person waits for an answer of theirs."""
    return any(
        None in said.values()
        for found, said in list_own(person_id)
        if found.state in (NominationState.SUBMITTED, NominationState.CANDIDATE, NominationState.RETURNED)
    )


def answered_before(found: NominationFacts, purpose: ConsentPurpose) -> DisclosedContent | None:
    """What was shown when the nominee last answered this purpose, if other words are shown now; None if she never did."""
    mine = (NominationConsent.nomination_id == found.id, NominationConsent.purpose == str(purpose))
    last = select(NominationConsent.version).where(*mine).order_by(NominationConsent.id.desc()).limit(1)
    version = db.session.scalar(last)
    if version is None or version == found.handed_in:
        return None
    return service.shown_of(found, reading.saved(found.id, version).content).get(purpose)


def list_own(person_id: int) -> list[tuple[NominationFacts, Mapping[ConsentPurpose, ConsentFacts | None]]]:
    """The submitted nominations of a nominee, with their answers."""
    found = sorted(reading.list_where(access.for_nominee(person_id)), key=lambda one: -one.id)
    consents = service.consents_of([one.id for one in found])
    return [(one, consents[one.id]) for one in found]


def get_own(nomination_id: int, person_id: int) -> OwnNomination:
    """One of them. Raises NotFound for another person's, a draft and an unknown one."""
    found = reading.get(nomination_id, access.for_nominee(person_id))
    content = reading.saved(found.id, found.handed_in or 0).content
    return OwnNomination(
        found,
        service.shown_of(found, content),
        service.consents_of([found.id])[found.id],
        corrections_of(found.id),
    )


def answer(
    nomination_id: int, purpose: ConsentPurpose, said: ConsentAnswer, *, seen: str, actor: Actor
) -> None:
    """Give, decline or withdraw a consent to the content that was seen (its digest); repeated, it changes nothing.

    Raises NotFound, Refused("consent.changed_meanwhile"), ("consent.nothing_given").
    """
    row = _lock(nomination_id, by=actor.person_id)
    content = reading.saved(row.id, row.handed_in or 0).content
    shows = service.shown_of(row, content).get(purpose)
    if shows is None or shows.digest != seen:
        raise Refused("consent.changed_meanwhile")
    last = service.consents_of([row.id])[row.id].get(purpose)
    if last is not None and last.answer is said:
        return
    if said is ConsentAnswer.WITHDRAWN:
        _withdraw(row, purpose, now=actor.now)
    else:
        _overtake(row.id, purpose, now=actor.now)
        _add(row, purpose, seen, given=said is ConsentAnswer.GIVEN, now=actor.now)
    drafts.note(row, f"consent_{said}", actor=actor)
    if said is not ConsentAnswer.GIVEN and (last is None or last.answer is ConsentAnswer.GIVEN):
        letters.tell_declined(row, purpose, now=actor.now)
    if said is ConsentAnswer.WITHDRAWN:
        letters.tell_reviewers(row, purpose, now=actor.now)


def correct(nomination_id: int, typed: str, *, actor: Actor) -> None:
    """Report to the department's contacts what is wrong; a repeated report is sent once.

    Raises NotFound, Refused("typed.missing"), ("typed.too_long"), ("correction.too_many").
    """
    text = checks.prose(typed, most=CORRECTION_MOST)
    row = _lock(nomination_id, by=actor.person_id)
    told = corrections_of(row.id)
    if told and told[0].text == text:
        return
    if len(told) >= CORRECTIONS_MOST:
        raise Refused("correction.too_many")
    correction = NominationCorrection(
        nomination_id=row.id, version=row.handed_in or 0, text=text, sent_at=actor.now
    )
    db.session.add(correction)
    db.session.flush()
    drafts.note(row, "correction_sent", actor=actor)
    letters.tell_contacts(row, correction, now=actor.now)


def corrections_of(nomination_id: int) -> list[CorrectionFacts]:
    """The corrections that the nominee wrote, the latest first."""
    mine = select(NominationCorrection).where(NominationCorrection.nomination_id == nomination_id)
    rows = db.session.scalars(mine.order_by(NominationCorrection.id.desc()))
    return [CorrectionFacts(row.version, row.text, row.sent_at) for row in rows]


def _lock(nomination_id: int, *, by: int) -> Nomination:
    return drafts.lock_one(nomination_id, access.for_nominee(by))


def _current(nomination_id: int, purpose: ConsentPurpose) -> list[NominationConsent]:
    here = (NominationConsent.nomination_id == nomination_id, NominationConsent.purpose == str(purpose))
    rows = select(NominationConsent).where(*here, NominationConsent.overtaken_at.is_(None))
    return list(db.session.scalars(rows.order_by(NominationConsent.id)))


def _overtake(nomination_id: int, purpose: ConsentPurpose, *, now: datetime) -> None:
    for row in _current(nomination_id, purpose):
        row.overtaken_at = now


def _withdraw(row: Nomination, purpose: ConsentPurpose, *, now: datetime) -> None:
    given = [one for one in _current(row.id, purpose) if one.given_at and not one.withdrawn_at]
    if not given:
        raise Refused("consent.nothing_given")
    given[-1].withdrawn_at = now


def _add(row: Nomination, purpose: ConsentPurpose, digest: str, *, given: bool, now: datetime) -> None:
    db.session.add(
        NominationConsent(
            nomination_id=row.id,
            purpose=str(purpose),
            version=row.handed_in,
            digest=digest,
            notice_version=NOTICE_VERSION,
            given_at=now if given else None,
            declined_at=None if given else now,
        )
    )
