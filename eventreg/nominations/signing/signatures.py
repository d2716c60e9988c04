"""Heads read what was submitted, sign it with a code by mail, or return it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from eventreg.accounts import confirming
from eventreg.accounts.sign_in_codes import CodeAttempt, CodeOutcome
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.nominations import access, decisions, drafts, reading
from eventreg.nominations.models import Nomination
from eventreg.nominations.reading import NominationFacts, SavedVersion
from eventreg.nominations.rules import DecisionKind, NominationState
from eventreg.people import service as people

from . import letters, service, who_may_sign
from .models import NominationSignature
from .service import SignatureFacts


@dataclass(frozen=True, slots=True)
class SeenVersion:
    """The version that the page showed, and the hash of its content."""

    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class NominationToSign:
    """A nomination with all that its signer reads. `before` is the version that was signed before, if that signature is
    void; `files_differ` says whether its files were others."""

    found: NominationFacts
    saved: SavedVersion
    digest: str
    signed: SignatureFacts | None
    before: SavedVersion | None
    files_differ: bool
    on_behalf_of: int | None


def list_for(person_id: int, *, now: datetime) -> list[tuple[NominationFacts, SignatureFacts | None]]:
    """What was submitted in the units that a person signs for, with the signatures that stand."""
    readable = access.for_signer(who_may_sign.mandates_of(person_id, now=now))
    found = sorted(reading.list_where(readable), key=lambda one: (-one.campaign_id, one.unit_id))
    standing = service.standing_of([one.id for one in found])
    return [(one, standing[one.id]) for one in found]


def get(nomination_id: int, person_id: int, *, now: datetime) -> NominationToSign:
    """One of them with its content. Raises NotFound for another unit's and for an unknown one."""
    mandates = who_may_sign.mandates_of(person_id, now=now)
    found = reading.get(nomination_id, access.for_signer(mandates))
    saved = reading.saved(found.id, found.handed_in or 0)
    before, files_differ = _voided(found.id)
    return NominationToSign(
        found=found,
        saved=saved,
        digest=service.digest_now(found.id, saved.content),
        signed=service.standing_of([found.id])[found.id],
        before=before,
        files_differ=files_differ,
        on_behalf_of=mandates[found.unit_id],
    )


def ask_code(nomination_id: int, *, seen: SeenVersion, actor: Actor, locale: str, before: str = "") -> str:
    """Mail a code for signing what was seen; returns the browser's token.

    `before` is the token of an earlier request for the same nomination, whose code stays valid.

    Raises NotFound, Refused("signature.changed_meanwhile"), ("signature.own"), ("signature.state") and
    what `confirming.ask` does.
    """
    row = _lock(nomination_id, seen=seen, actor=actor)
    return confirming.ask(
        people.person_facts(actor.person_id),
        _purpose(row.id, seen),
        kind="signature_code",
        facts={"nomination": row.id},
        locale=locale,
        keys=actor.keys,
        now=actor.now,
        before=before,
    )


def sign(nomination_id: int, typed: str, *, seen: SeenVersion, browser: str, actor: Actor) -> CodeAttempt:
    """Sign what was seen, once. A wrong code is returned as a verdict, so that its attempt stays counted.

    Raises what `ask_code` does, except for refusals of mails.
    """
    row = _lock(nomination_id, seen=seen, actor=actor)
    if service.standing_of([row.id])[row.id] is not None:
        return CodeAttempt(CodeOutcome.RIGHT, person_id=actor.person_id)
    verdict = confirming.enter(
        typed,
        _purpose(row.id, seen),
        person_id=actor.person_id,
        browser=browser,
        keys=actor.keys,
        now=actor.now,
    )
    if verdict.what is not CodeOutcome.RIGHT:
        return verdict
    db.session.add(
        NominationSignature(
            nomination_id=row.id,
            version=seen.version,
            digest=seen.digest,
            signed_by=actor.person_id,
            on_behalf_of=who_may_sign.mandates_of(actor.person_id, now=actor.now)[row.unit_id],
            signed_at=actor.now,
        )
    )
    drafts.note(row, "signed", actor=actor)
    return verdict


def give_back(nomination_id: int, reason: str, *, seen: int, actor: Actor) -> None:
    """Return it to the department's contacts, who are informed; a valid signature becomes void.

    Raises NotFound, Refused("signature.own") and what `decisions.decide` does.
    """
    row = _find_locked(nomination_id, actor=actor)
    if row.person_id == actor.person_id:
        raise Refused("signature.own")
    if decisions.decide(row, DecisionKind.RETURNED, seen=seen, actor=actor, reason=reason, as_head=True):
        service.void(row, actor=actor)
        letters.tell_returned(row, now=actor.now)


def _lock(nomination_id: int, *, seen: SeenVersion, actor: Actor) -> Nomination:
    row = _find_locked(nomination_id, actor=actor)
    if row.person_id == actor.person_id:
        raise Refused("signature.own")
    if row.state not in {str(NominationState.SUBMITTED), str(NominationState.CANDIDATE)}:
        raise Refused("signature.state")
    content = reading.saved(row.id, seen.version).content if row.handed_in == seen.version else None
    if content is None or service.digest_now(row.id, content) != seen.digest:
        raise Refused("signature.changed_meanwhile")
    return row


def _find_locked(nomination_id: int, *, actor: Actor) -> Nomination:
    mandates = who_may_sign.mandates_of(actor.person_id, now=actor.now)
    return drafts.lock_one(nomination_id, access.for_signer(mandates))


def _voided(nomination_id: int) -> tuple[SavedVersion | None, bool]:
    """The version that was signed last if no signature is valid now, and whether its files changed since."""
    signed = select(NominationSignature).where(NominationSignature.nomination_id == nomination_id)
    last = db.session.scalar(signed.order_by(NominationSignature.id.desc()).limit(1))
    if last is None or last.voided_at is None:
        return None, False
    before = reading.saved(nomination_id, last.version)
    return before, service.digest_now(nomination_id, before.content) != last.digest


def _purpose(nomination_id: int, seen: SeenVersion) -> str:
    return f"signature:{nomination_id}:{seen.version}:{seen.digest[:32]}"
