"""What depends on an older key: as long as something does, the key cannot be retired (ADR 34)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from eventreg.accounts.models import BrowserSession, PrintedCode, SignInCode
from eventreg.campaigns import service as campaigns
from eventreg.chat.models import Robot
from eventreg.core.db.session import db
from eventreg.core.keyring.installation import KnownKey
from eventreg.core.keyring.keys import Key, Keys, KeyState, opens
from eventreg.core.trail.audit import AuditEntry
from eventreg.nominations.models import Nomination
from eventreg.nominations.papers import sealed_numbers
from eventreg.nominations.papers.models import Submission
from eventreg.nominations.rules import NominationState
from eventreg.outbox.models import Letter
from eventreg.outbox.rules import LetterState
from eventreg.registrations.models import Registration, Ticket
from eventreg.registrations.rules import RegistrationState
from eventreg.registrations.tickets import is_made_by

NOTICED = timedelta(minutes=1)  # by then every process has noticed a rotation, because it checks at each tick
FORMS = timedelta(days=1)  # the form of a page that was opened earlier is refused and shown again
OPEN = (str(LetterState.QUEUED), str(LetterState.CLAIMED))


@dataclass(frozen=True, slots=True)
class KeyNeed:
    """The number of things of a kind that depend on a key, and until when the last one does; None if no date is known.

    Kinds: sessions, forms, tickets, papers, codes, printed_codes, letters, robots, audit_rows.
    """

    kind: str
    count: int
    until: datetime | None = None


def list_needs(known: KnownKey, keys: Keys, *, now: datetime) -> list[KeyNeed]:
    """What depends on a key that verifies and was current once; nothing depends on a key that never was current."""
    key = next((key for key in keys.ring if key.fingerprint == known.fingerprint), None)
    if key is None or known.state is not KeyState.VERIFIES or known.current_at is None:
        return []
    replaced_at = (known.replaced_at or now) + NOTICED
    found = NEEDS[known.purpose](key, replaced_at, now)
    return [need for need in found if need.count]


def _sessions(_key: Key, replaced_at: datetime, now: datetime) -> Iterator[KeyNeed]:
    begun = (BrowserSession.signed_in_at <= replaced_at, BrowserSession.expires_at > now)
    alive = (*begun, BrowserSession.ended_at.is_(None))
    yield _counted("sessions", select(func.count(), func.max(BrowserSession.expires_at)).where(*alive))


def _forms(_key: Key, replaced_at: datetime, now: datetime) -> Iterator[KeyNeed]:
    until = replaced_at + FORMS
    yield KeyNeed("forms", int(now < until), until)


def _codes(_key: Key, replaced_at: datetime, now: datetime) -> Iterator[KeyNeed]:
    for kind, model, made_at in (
        ("codes", SignInCode, SignInCode.asked_at),
        ("printed_codes", PrintedCode, PrintedCode.printed_at),
    ):
        good = (made_at <= replaced_at, model.used_at.is_(None), model.expires_at > now)
        yield _counted(kind, select(func.count(), func.max(model.expires_at)).where(*good))


def _tickets(key: Key, replaced_at: datetime, now: datetime) -> Iterator[KeyNeed]:
    """Valid tickets of campaigns that are not over; the key of each is found by its hash."""
    rows = (
        select(Ticket.registration_id, Ticket.serial, Ticket.token_hash, Registration.campaign_id)
        .join(Registration)
        .where(
            Ticket.revoked_at.is_(None),
            Ticket.issued_at <= replaced_at,
            Registration.state == RegistrationState.SEATED,
        )
    )
    found: dict[int, int] = {}
    for registration_id, serial, token_hash, campaign_id in db.session.execute(rows):
        if is_made_by(key.secret, registration_id, serial, token_hash):
            found[campaign_id] = found.get(campaign_id, 0) + 1
    yield _until_the_end("tickets", found, now=now)
    papers = (
        select(Nomination.campaign_id, func.count())
        .join(Submission, Submission.nomination_id == Nomination.id)
        .where(Submission.submitted_at <= replaced_at, Nomination.state != NominationState.WITHDRAWN)
    )
    counted = db.session.execute(papers.group_by(Nomination.campaign_id))
    submitted = {id_: count for id_, count in counted}  # noqa: C416  (rows, typed)
    yield _until_the_end("papers", submitted, now=now)


def _sealed(key: Key, _replaced_at: datetime, _now: datetime) -> Iterator[KeyNeed]:
    yield KeyNeed("letters", sum(opens(key.secret, box) for _id, box in sealed_letters()))
    robots = (any(opens(key.secret, box) for box in boxes if box) for _id, *boxes in sealed_robots())
    yield KeyNeed("robots", sum(robots))
    yield KeyNeed("id_numbers", sum(opens(key.secret, box) for _id, box in sealed_numbers.list_boxes()))


def _audit(_key: Key, _replaced_at: datetime, _now: datetime) -> Iterator[KeyNeed]:
    """Audit rows and seals, which depend on the key for ever."""
    yield KeyNeed("audit_rows", db.session.scalar(select(func.count(AuditEntry.mac))) or 0)


NEEDS = {
    "session": _sessions,
    "forms": _forms,
    "codes": _codes,
    "tickets": _tickets,
    "seal": _sealed,
    "audit": _audit,
}


def sealed_letters() -> list[tuple[int, bytes]]:
    """Waiting letters with encrypted content: (id, content)."""
    rows = select(Letter.id, Letter.sealed).where(Letter.sealed.is_not(None), Letter.state.in_(OPEN))
    return [(id_, box) for id_, box in db.session.execute(rows.order_by(Letter.id)) if box]


def sealed_robots() -> list[tuple[int, bytes, bytes | None]]:
    """Robots: (id, encrypted address, encrypted secret if there is one)."""
    rows = select(Robot.id, Robot.address, Robot.secret).where(Robot.address.is_not(None)).order_by(Robot.id)
    return [(id_, address, secret) for id_, address, secret in db.session.execute(rows) if address]


def _counted(kind: str, query: Select[int, datetime]) -> KeyNeed:
    count, until = db.session.execute(query).one()
    return KeyNeed(kind, count, until)


def _until_the_end(kind: str, by_campaign: dict[int, int], *, now: datetime) -> KeyNeed:
    """The last end of campaigns that are not over."""
    found = campaigns.campaigns_by_id(set(by_campaign))
    going = {id_: c.ends_at for id_, c in found.items() if c.ends_at > now}
    return KeyNeed(kind, sum(by_campaign[id_] for id_ in going), max(going.values(), default=None))
