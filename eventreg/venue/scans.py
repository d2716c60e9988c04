"""Scans in batches: each answered by its nonce, kept whatever it says, counted once (law 13)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, LargeBinary, Select, bindparam, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from eventreg.core.db import add_row, db, run
from eventreg.core.errors import Refused
from eventreg.core.keys import Keys, fingerprint_of
from eventreg.registrations.models import Registration, Ticket
from eventreg.registrations.rules import State, ticket_code_in
from eventreg.registrations.tickets import code_hash_of

from .models import Admission, Device, Scan
from .rules import (
    BATCH_MOST,
    WRONG_CODES_AN_HOUR,
    CheckPoint,
    Decision,
    TicketFacts,
    Verdict,
    decide,
    paused,
    token_in,
)

Wanted = Select[*tuple[Any, ...]]
PAUSED = Decision(False, "scan.codes_paused")


@dataclass(frozen=True, slots=True)
class Scanned:
    """One scan as a phone sends it: decoded text, and the phone's time corrected by our offset."""

    nonce: str
    text: str
    check_point: CheckPoint
    scanned_at: datetime


@dataclass(frozen=True, slots=True)
class Scanner:
    """Who sends: a device row, and the campaign it scans for; another system scans for all.

    `locked` says that this unit holds the row's lock already.
    """

    device_id: int
    campaign_id: int | None
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one nonce. `first_at` is when this ticket was first let in here."""

    nonce: str
    verdict: Verdict
    reason: str | None
    first_at: datetime | None
    registration_id: int | None


@dataclass(frozen=True, slots=True)
class Mark:
    """What a text is looked up by: a token's hash or, typed at a campaign's door, a short code's."""

    hash: bytes
    typed: bool


# Built once: every scan runs them.
LOCK = select(Device.id).where(Device.id == bindparam("device")).with_for_update()
_ANSWERED = select(Scan.nonce, Scan.verdict, Scan.reason, Scan.first_at, Scan.registration_id).where(
    Scan.device_id == bindparam("device")
)
# A list is written into its statement anew each time; most batches are of one scan.
ANSWERED_ONE = _ANSWERED.where(Scan.nonce == bindparam("one"))
ANSWERED = _ANSWERED.where(Scan.nonce.in_(bindparam("all", expanding=True)))
_TICKETS = select(
    Ticket.token_hash,
    Ticket.code_hash,
    Ticket.registration_id,
    Registration.campaign_id,
    Ticket.revoked_at,
    Registration.state,
).join(Registration, Registration.id == Ticket.registration_id)
_HASH, _HASHES = bindparam("one", type_=LargeBinary()), bindparam("all", expanding=True, type_=LargeBinary())
TICKETS_ONE = _TICKETS.where(or_(Ticket.token_hash == _HASH, Ticket.code_hash == _HASH))
TICKETS = _TICKETS.where(or_(Ticket.token_hash.in_(_HASHES), Ticket.code_hash.in_(_HASHES)))
ADMIT = {
    kind.name: insert(Admission).on_conflict_do_nothing().returning(Admission.at)
    for kind, insert in ((sqlite.dialect, sqlite.insert), (postgresql.dialect, postgresql.insert))
}


def record(batch: Sequence[Scanned], scanner: Scanner, *, keys: Keys, now: datetime) -> list[Answer]:
    """Keep a batch and answer each nonce in the order asked; safe to send again.

    The nonce is looked up first: what was answered before is answered alike. Raises
    Refused("scan.too_many") above 1,000 scans.
    """
    if len(batch) > BATCH_MOST:
        raise Refused("scan.too_many", most=BATCH_MOST)
    answers = {answer.nonce: answer for answer in _known(scanner, [s.nonce for s in batch])}
    fresh: dict[str, Scanned] = {}
    for scan in batch:
        if scan.nonce not in answers:
            fresh.setdefault(scan.nonce, scan)
    marks = {nonce: _mark(scan.text, scanner, keys) for nonce, scan in fresh.items()}
    found = _tickets({mark.hash for mark in marks.values()})
    held_back = _held_back(marks, found, scanner, now=now)
    for nonce, scan in fresh.items():
        mark, ticket = marks[nonce], found.get(marks[nonce].hash)
        decision = PAUSED
        if nonce not in held_back:
            seen = {"scanned_at": scan.scanned_at, "now": now}
            decision = decide(ticket, campaign_id=scanner.campaign_id, typed=mark.typed, **seen)
        answers[nonce] = _scan(scan, scanner, mark, ticket, decision, now=now)
    return [answers[scan.nonce] for scan in batch]


def _mark(text: str, scanner: Scanner, keys: Keys) -> Mark:
    if scanner.campaign_id is not None and (code := ticket_code_in(text)):
        return Mark(code_hash_of(code, scanner.campaign_id, keys=keys), typed=True)
    return Mark(fingerprint_of(token_in(text)), typed=False)


def _held_back(
    marks: Mapping[str, Mark], found: Mapping[bytes, TicketFacts], scanner: Scanner, *, now: datetime
) -> set[str]:
    """The nonces of typed codes that are not looked at: this phone typed too many wrong ones lately."""
    codes = [(nonce, mark.hash in found) for nonce, mark in marks.items() if mark.typed]
    if not codes:
        return set()
    lately = (Scan.device_id == scanner.device_id, Scan.received_at > now - timedelta(hours=1))
    wrong = select(func.count()).where(*lately, Scan.reason == "scan.unknown_code")
    return paused(codes, tries=WRONG_CODES_AN_HOUR - (db.session.scalar(wrong) or 0))


def _scan(
    scan: Scanned,
    scanner: Scanner,
    mark: Mark,
    ticket: TicketFacts | None,
    decision: Decision,
    *,
    now: datetime,
) -> Answer:
    verdict, first_at = Verdict.REFUSED, None
    if ticket is not None and decision.admit:
        verdict, first_at = _count(ticket.registration_id, scan, scanner)
    ours = ticket is not None and scanner.campaign_id in {None, ticket.campaign_id}
    shown = ticket is not None and ours and decision is not PAUSED
    registration_id = ticket.registration_id if ticket is not None and shown else None
    add_row(
        Scan,
        device_id=scanner.device_id,
        nonce=scan.nonce,
        check_point=str(scan.check_point),
        registration_id=registration_id,
        token_hash=mark.hash,
        scanned_at=scan.scanned_at,
        received_at=now,
        verdict=str(verdict),
        reason=decision.reason,
        first_at=first_at,
    )
    return Answer(scan.nonce, verdict, decision.reason, first_at, registration_id)


def _count(registration_id: int, scan: Scanned, scanner: Scanner) -> tuple[Verdict, datetime]:
    """Admit, unless somebody was first: the unique row decides between two doors at one instant."""
    row = {
        "registration_id": registration_id,
        "check_point": str(scan.check_point),
        "device_id": scanner.device_id,
        "at": scan.scanned_at,
    }
    if run(ADMIT[db.engine.dialect.name], row).scalar() is not None:
        return Verdict.ADMITTED, scan.scanned_at
    here = (Admission.registration_id == registration_id, Admission.check_point == str(scan.check_point))
    first = db.session.scalar(select(Admission.at).where(*here))
    return Verdict.REPEATED, first or scan.scanned_at


def _known(scanner: Scanner, nonces: list[str]) -> list[Answer]:
    """Answers given before. The device's row is locked: its batches come one after the other."""
    if not scanner.locked:
        run(LOCK, {"device": scanner.device_id})
    return [
        Answer(row.nonce, Verdict(row.verdict), row.reason, row.first_at, row.registration_id)
        for row in _those(ANSWERED_ONE, ANSWERED, nonces, device=scanner.device_id)
    ]


def _those(
    one: Wanted, several: Wanted, values: Sequence[object], **more: object
) -> CursorResult[*tuple[Any, ...]]:
    """The rows that one value asks for, or several."""
    return run(one, {"one": values[0], **more}) if len(values) == 1 else run(several, {"all": values, **more})


def _tickets(hashes: Collection[bytes]) -> Mapping[bytes, TicketFacts]:
    """Tickets by what they were looked up by, the hash of the token or of the short code."""
    rows = _those(TICKETS_ONE, TICKETS, list(hashes))
    found: dict[bytes, TicketFacts] = {}
    for token_hash, code_hash, registration_id, campaign_id, revoked_at, state in rows:
        seated = state == State.SEATED
        found[token_hash] = TicketFacts(registration_id, campaign_id, revoked_at is not None, seated)
        found[code_hash or token_hash] = found[token_hash]
    return found
