"""The current signatures and consents, and what a submission does to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from eventreg.campaigns import service as campaigns
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.nominations import drafts, reading
from eventreg.nominations.files import service as files
from eventreg.nominations.models import Nomination
from eventreg.nominations.papers import submitted_terms
from eventreg.nominations.rules import NominationContent, is_sensitive
from eventreg.people import service as people

from . import letters, rules
from .models import NominationConsent, NominationSignature
from .rules import (
    NOTICE_VERSION,
    ConsentAnswer,
    ConsentPurpose,
    DisclosedContent,
    digest_of,
    purposes_of,
    shown,
)


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """A valid signature: the version signed, by whom, on whose behalf, when."""

    version: int
    by: int
    on_behalf_of: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """A nominee's latest answer to a purpose, about the content that is shown now."""

    answer: ConsentAnswer
    version: int
    notice_version: str
    at: datetime | None


def standing_of(nomination_ids: Collection[int]) -> dict[int, SignatureFacts | None]:
    """Nomination → its valid signature, None if there is none."""
    live = (NominationSignature.nomination_id.in_(nomination_ids), NominationSignature.voided_at.is_(None))
    rows = db.session.scalars(
        select(NominationSignature).where(*live).execution_options(populate_existing=True)
    )
    found = {
        r.nomination_id: SignatureFacts(r.version, r.signed_by, r.on_behalf_of, r.signed_at) for r in rows
    }
    return {id_: found.get(id_) for id_ in nomination_ids}


def consents_of(nomination_ids: Collection[int]) -> dict[int, dict[ConsentPurpose, ConsentFacts | None]]:
    """Nomination → each purpose asked → the nominee's answer, None if there is none to the current content."""
    sensitive = submitted_terms.sensitive_among(nomination_ids)
    told: dict[int, dict[ConsentPurpose, ConsentFacts | None]] = {
        id_: dict.fromkeys(purposes_of(sensitive=id_ in sensitive)) for id_ in nomination_ids
    }
    current = (
        NominationConsent.nomination_id.in_(nomination_ids),
        NominationConsent.overtaken_at.is_(None),
        NominationConsent.notice_version == NOTICE_VERSION,
    )
    rows = select(NominationConsent).where(*current).order_by(NominationConsent.id)
    for row in db.session.scalars(rows.execution_options(populate_existing=True)):
        if row.purpose in told[row.nomination_id]:
            told[row.nomination_id][ConsentPurpose(row.purpose)] = _facts_of(row)
    return told


def for_reviewers(nomination_id: int, content: NominationContent) -> NominationContent:
    """What HR reads of a submitted version: its sensitive data only while the nominee's consent to that stands (PIPL 29)."""
    said = consents_of([nomination_id])[nomination_id].get(ConsentPurpose.SENSITIVE)
    return rules.for_reviewers(content, given=said is not None and said.answer is ConsentAnswer.GIVEN)


def digest_now(nomination_id: int, content: NominationContent) -> str:
    """The hash of what a head signs: a version's content and its files."""
    return digest_of(content, [file.sha256 for file in files.list_files([nomination_id])])


def shown_of(
    row: Nomination | reading.NominationFacts, content: NominationContent
) -> Mapping[ConsentPurpose, DisclosedContent]:
    """What each consent that is asked shows of a nomination."""
    person_id = row.person_id if isinstance(row, Nomination) else row.nominee.id
    person = people.person_facts(person_id)
    campaign = campaigns.campaign_by_id(row.campaign_id)
    asked = submitted_terms.terms_for(campaign, row.id, row.handed_in).asked
    purposes = purposes_of(sensitive=is_sensitive(content))
    return {p: shown(p, content, name=person.name, unit=person.unit, asked=asked) for p in purposes}


def handed_in(row: Nomination, content: NominationContent, *, actor: Actor) -> None:
    """Call it when a version is submitted: other words void the signature and need a new consent.

    The heads and the nominee are informed, once for each submission.
    """
    voided = void(row, but=digest_now(row.id, content), actor=actor)
    if voided or standing_of([row.id])[row.id] is None:
        letters.tell_signers(row, voided=voided, now=actor.now)
    _ask_anew(row, content, now=actor.now)


def files_changed(row: Nomination, *, actor: Actor) -> None:
    """Call it when a file was added or removed: a signature covers the files too.

    A valid signature becomes void, and the heads are informed.
    """
    if row.handed_in is None:
        return
    content = reading.saved(row.id, row.handed_in).content
    if void(row, but=digest_now(row.id, content), actor=actor):
        letters.tell_signers(row, voided=True, now=actor.now)


def void(row: Nomination, *, but: str = "", actor: Actor) -> bool:
    """Void the valid signature, unless it was given to the digest `but`; returns whether there was one to void.

    It becomes void when a version with other words is submitted (`handed_in`), when a file is added or removed
    (`files_changed`), and when a head gives the nomination back (`signatures.py:give_back`).
    """
    live = (NominationSignature.nomination_id == row.id, NominationSignature.voided_at.is_(None))
    found = select(NominationSignature).where(*live).execution_options(populate_existing=True)
    signature = db.session.scalar(found)
    if signature is None or signature.digest == but:
        return False
    signature.voided_at = actor.now
    drafts.note(row, "signature_voided", actor=actor)
    return True


def _ask_anew(row: Nomination, content: NominationContent, *, now: datetime) -> None:
    shows, answered = shown_of(row, content), set()
    current = (NominationConsent.nomination_id == row.id, NominationConsent.overtaken_at.is_(None))
    for consent in db.session.scalars(select(NominationConsent).where(*current)):
        shows_now = shows.get(ConsentPurpose(consent.purpose))
        same = shows_now is not None and consent.digest == shows_now.digest
        if same and consent.notice_version == NOTICE_VERSION:
            answered.add(consent.purpose)
        else:
            consent.overtaken_at = now
    if len(answered) < len(shows):
        letters.tell_nominee(row, now=now)


def _facts_of(row: NominationConsent) -> ConsentFacts:
    if row.withdrawn_at is not None:
        return ConsentFacts(ConsentAnswer.WITHDRAWN, row.version, row.notice_version, row.withdrawn_at)
    if row.declined_at is not None:
        return ConsentFacts(ConsentAnswer.DECLINED, row.version, row.notice_version, row.declined_at)
    return ConsentFacts(ConsentAnswer.GIVEN, row.version, row.notice_version, row.given_at)
