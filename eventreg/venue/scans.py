"""Scans in batches: each answered by its nonce, kept whatever it says, counted once (law 13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from eventreg.core.db import db
from eventreg.core.errors import Refused
from eventreg.core.keys import fingerprint_of
from eventreg.registrations.models import Registration, Ticket
from eventreg.registrations.rules import State

from .models import Admission, Device, Scan
from .rules import BATCH_MOST, CheckPoint, TicketFacts, Verdict, decide, token_in


@dataclass(frozen=True, slots=True)
class Scanned:
    """One scan as a phone sends it: decoded text, and the phone's time corrected by our offset."""

    nonce: str
    text: str
    check_point: CheckPoint
    scanned_at: datetime


@dataclass(frozen=True, slots=True)
class Scanner:
    """Who sends: a device row, and the campaign it scans for; another system scans for all."""

    device_id: int
    campaign_id: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one nonce. `first_at` is when this ticket was first let in here."""

    nonce: str
    verdict: Verdict
    reason: str | None
    first_at: datetime | None
    registration_id: int | None


def record(batch: Sequence[Scanned], scanner: Scanner, *, base_url: str, now: datetime) -> list[Answer]:
    """Keep a batch and answer each nonce in the order asked; safe to send again.

    The nonce is looked up first: what was answered before is answered alike. Raises
    Refused("scan.too_many") above 1,000 scans.
    """
    if len(batch) > BATCH_MOST:
        raise Refused("scan.too_many", most=BATCH_MOST)
    answers = {answer.nonce: answer for answer in _known(scanner.device_id, [s.nonce for s in batch])}
    hashes = {scan.nonce: fingerprint_of(token_in(scan.text, base_url=base_url)) for scan in batch}
    tickets = _tickets(hashes.values())
    for scan in batch:
        if scan.nonce not in answers:
            token_hash = hashes[scan.nonce]
            answers[scan.nonce] = _scan(scan, scanner, token_hash, tickets.get(token_hash), now=now)
    db.session.flush()
    return [answers[scan.nonce] for scan in batch]


def _scan(
    scan: Scanned, scanner: Scanner, token_hash: bytes, ticket: TicketFacts | None, *, now: datetime
) -> Answer:
    decision = decide(ticket, campaign_id=scanner.campaign_id, scanned_at=scan.scanned_at, now=now)
    verdict, first_at = Verdict.REFUSED, None
    if ticket is not None and decision.admit:
        verdict, first_at = _count(ticket.registration_id, scan, scanner)
    ours = ticket is not None and scanner.campaign_id in {None, ticket.campaign_id}
    registration_id = ticket.registration_id if ticket is not None and ours else None
    db.session.add(
        Scan(
            device_id=scanner.device_id,
            nonce=scan.nonce,
            check_point=str(scan.check_point),
            registration_id=registration_id,
            token_hash=token_hash,
            scanned_at=scan.scanned_at,
            received_at=now,
            verdict=str(verdict),
            reason=decision.reason,
            first_at=first_at,
        )
    )
    return Answer(scan.nonce, verdict, decision.reason, first_at, registration_id)


def _count(registration_id: int, scan: Scanned, scanner: Scanner) -> tuple[Verdict, datetime]:
    """Admit, unless somebody was first: the unique row decides between two doors at one instant."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    row = insert(Admission).values(
        registration_id=registration_id,
        check_point=str(scan.check_point),
        device_id=scanner.device_id,
        at=scan.scanned_at,
    )
    counted = db.session.scalar(row.on_conflict_do_nothing().returning(Admission.at))
    if counted is not None:
        return Verdict.ADMITTED, scan.scanned_at
    here = (Admission.registration_id == registration_id, Admission.check_point == str(scan.check_point))
    first = db.session.scalar(select(Admission.at).where(*here))
    return Verdict.REPEATED, first or scan.scanned_at


def _known(device_id: int, nonces: list[str]) -> list[Answer]:
    """Answers given before. The device's row is locked: its batches come one after the other."""
    db.session.execute(select(Device.id).where(Device.id == device_id).with_for_update())
    rows = select(Scan).where(Scan.device_id == device_id, Scan.nonce.in_(nonces))
    return [
        Answer(row.nonce, Verdict(row.verdict), row.reason, row.first_at, row.registration_id)
        for row in db.session.scalars(rows.execution_options(populate_existing=True))
    ]


def _tickets(hashes: Iterable[bytes]) -> Mapping[bytes, TicketFacts]:
    rows = (
        select(
            Ticket.token_hash,
            Ticket.registration_id,
            Registration.campaign_id,
            Ticket.revoked_at,
            Registration.state,
        )
        .join(Registration, Registration.id == Ticket.registration_id)
        .where(Ticket.token_hash.in_(list(hashes)))
    )
    return {
        row[0]: TicketFacts(row[1], row[2], row[3] is not None, row[4] == State.SEATED)
        for row in db.session.execute(rows)
    }
