"""Scans in batches: each is stored and answered by its nonce, and each ticket counts once (law 13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from eventreg.core.db.session import AnyRow, db, insert_row, run
from eventreg.core.errors import Refused
from eventreg.core.keyring.keys import Keys, fingerprint_of
from eventreg.registrations.confirming import open_questions
from eventreg.registrations.rules import ticket_code_in
from eventreg.registrations.tickets import find_code_hash, find_hash_of_arrival

from . import beginning, devices
from .admissions import PointsOf, count
from .clocks import CorrectedTime, corrected
from .incoming import IncomingScan, Scanner, ScanResult, TicketLookup
from .models import Scan
from .rules import (
    BATCH_MOST,
    WRONG_CODES_AN_HOUR,
    ScanDecision,
    ScanVerdict,
    TicketFacts,
    arrival_in,
    decide,
    find_code_fault,
    paused,
    token_in,
)
from .scan_queries import ANSWERED, LOCK, ONE, ONE_OF_SYSTEM, TICKETS, tickets_in

PAUSED = ScanDecision(False, "scan.codes_paused")


# What an answered nonce stands for: the hash of its ticket and its check point. The time is not part of it, because a
# phone may correct its clock before it sends a scan again.
ScanContent = tuple[bytes, str]
KnownScans = dict[str, tuple[ScanResult, ScanContent]]


def record(batch: Sequence[IncomingScan], scanner: Scanner, *, keys: Keys, now: datetime) -> list[ScanResult]:
    """Store a batch and answer each nonce in the order of the request. A batch may be sent again.

    The nonce is looked up first: a nonce that was answered before gets the same answer, and with another ticket or
    check point it is refused as "scan.nonce_reused". The device's row is locked, so that its batches are processed one
    after the other. Raises Refused("scan.too_many") above 1,000 scans.
    """
    if len(batch) > BATCH_MOST:
        raise Refused("scan.too_many", most=BATCH_MOST)
    marks = [_mark(scan, scanner, keys) for scan in batch]
    return _answered(batch, marks, scanner, _look_up(_first_marks(batch, marks), scanner), now=now)


def record_of_system(
    batch: Sequence[IncomingScan], name: str, *, keys: Keys, now: datetime
) -> list[ScanResult]:
    """Store a batch of another system, named by its token; its device row is made with its first batch.

    A single scan is looked up in one statement and takes no lock: the constraints decide who was first. The unit ends
    with Refused("scan.meanwhile") when its nonce was stored at the same instant; a new unit finds it. A batch takes a
    lock, because two batches that count the same people in another order would deadlock.
    """
    if len(batch) == 1:
        mark = _mark(batch[0], Scanner(0, None), keys)
        if rows := run(ONE_OF_SYSTEM, {"name": name, "nonce": batch[0].nonce, "hash": mark.hash}).all():
            known = _answers(rows), tickets_in(rows)
            scanner = Scanner(rows[0].device, None, rows[0].offset_ms)
            return _answered(batch, [mark], scanner, known, now=now)
    return record(batch, devices.scanner_of_api_token(name, now=now), keys=keys, now=now)


def _answered(
    batch: Sequence[IncomingScan],
    marks: Sequence[TicketLookup],
    scanner: Scanner,
    known: tuple[KnownScans, Mapping[bytes, TicketFacts]],
    *,
    now: datetime,
) -> list[ScanResult]:
    """Decide and store the scans that were not answered before, then answer each entry of the batch.

    `marks` are the lookups of the batch's entries. Of several entries with one nonce the first is stored.
    """
    answers, found = known
    fresh: dict[str, IncomingScan] = {}
    for scan in batch:
        if scan.nonce not in answers:
            fresh.setdefault(scan.nonce, scan)
    first = _first_marks(batch, marks)
    timed = {nonce: _timed(scan, scanner, now=now) for nonce, scan in fresh.items()}
    for nonce, answer in _decided(fresh, first, scanner, found, timed, now=now).items():
        answers[nonce] = answer, _content(fresh[nonce], first[nonce])
        _keep(fresh[nonce], scanner, first[nonce], answer, timed[nonce], now=now)
    devices.note_offset(scanner.device_id, [scan.sent_at for scan in batch], known=scanner.offset_ms, now=now)
    return [_answer(scan, mark, answers) for scan, mark in zip(batch, marks, strict=True)]


def _decided(
    fresh: Mapping[str, IncomingScan],
    marks: Mapping[str, TicketLookup],
    scanner: Scanner,
    found: Mapping[bytes, TicketFacts],
    timed: Mapping[str, CorrectedTime],
    *,
    now: datetime,
) -> dict[str, ScanResult]:
    """The results of new scans by nonce; tickets that are admitted are counted at their time in `timed`.

    Somebody who tried their ticket out on an earlier day is "repeated" on the day itself: that scan begins it as well. A
    scan confirms a place that was to be confirmed; its row is locked last, after that of the campaign.
    """
    held_back = _held_back({nonce: marks[nonce] for nonce in fresh}, found, scanner, now=now)
    points = PointsOf(scanner, found.values())
    results, come = {}, set[int]()
    for nonce, scan in fresh.items():
        mark, ticket = marks[nonce], found.get(marks[nonce].hash)
        decision = PAUSED
        if nonce not in held_back:
            decision = decide(
                ticket,
                campaign_id=scanner.campaign_id,
                # A claim that was corrected by our clock does not count, so it may be of 1970.
                scanned_at=scan.scanned_at if timed[nonce].at == scan.scanned_at else None,
                now=now,
                known_point=ticket is None or points.has(ticket.campaign_id, scan.check_point),
                typed=mark.typed,
                fault=mark.fault,
            )
        results[nonce] = _scan(scan, scanner, ticket, decision, timed[nonce].at)
        if ticket is not None and ticket.day_only and results[nonce].verdict is not ScanVerdict.REFUSED:
            beginning.note_first_admission(ticket.campaign_id, scan.check_point, at=min(timed[nonce].at, now))
        if ticket is not None and ticket.unconfirmed and results[nonce].verdict is not ScanVerdict.REFUSED:
            come.add(ticket.registration_id)
    open_questions.confirm_scanned(come, now=now)
    return results


def _answer(scan: IncomingScan, mark: TicketLookup, answers: KnownScans) -> ScanResult:
    """The result of a nonce, unless it was given for another ticket or check point."""
    result, content = answers[scan.nonce]
    if content != _content(scan, mark):
        return ScanResult(scan.nonce, ScanVerdict.REFUSED, "scan.nonce_reused", None, None)
    return result


def _content(scan: IncomingScan, mark: TicketLookup) -> ScanContent:
    return mark.hash, scan.check_point


def _first_marks(batch: Sequence[IncomingScan], marks: Sequence[TicketLookup]) -> dict[str, TicketLookup]:
    """The lookup of the first entry of each nonce."""
    found: dict[str, TicketLookup] = {}
    for scan, mark in zip(batch, marks, strict=True):
        found.setdefault(scan.nonce, mark)
    return found


def _mark(scan: IncomingScan, scanner: Scanner, keys: Keys) -> TicketLookup:
    plain = fingerprint_of(token_in(scan.text))
    if scanner.campaign_id is None:
        return TicketLookup(plain, typed=False)
    if scan.typed and (arrival := arrival_in(scan.text)):
        return TicketLookup(find_hash_of_arrival(arrival, scanner.campaign_id) or plain, typed=True)
    if scan.typed is not False and (code := ticket_code_in(scan.text)):
        return TicketLookup(find_code_hash(code, scanner.campaign_id, keys=keys), typed=True)
    fault = find_code_fault(scan.text, typed=scan.typed)
    return TicketLookup(plain, typed=False, fault=fault.reason if fault else None)


def _held_back(
    marks: Mapping[str, TicketLookup], found: Mapping[bytes, TicketFacts], scanner: Scanner, *, now: datetime
) -> set[str]:
    """The nonces of typed codes that are refused because this phone typed too many wrong ones lately."""
    codes = [(nonce, mark.hash in found) for nonce, mark in marks.items() if mark.typed]
    if not codes:
        return set()
    lately = (
        Scan.device_id == scanner.device_id,
        Scan.received_at > now - timedelta(hours=1),
        Scan.received_at <= now,
    )
    wrong = select(func.count()).where(*lately, Scan.reason == "scan.unknown_code")
    return paused(codes, tries=WRONG_CODES_AN_HOUR - (db.session.scalar(wrong) or 0))


def _scan(
    scan: IncomingScan,
    scanner: Scanner,
    ticket: TicketFacts | None,
    decision: ScanDecision,
    at: datetime,
) -> ScanResult:
    verdict, first_at = ScanVerdict.REFUSED, None
    if ticket is not None and decision.admit:
        verdict, first_at = count(ticket.registration_id, scan.check_point, scanner, at)
    ours = ticket is not None and scanner.campaign_id in {None, ticket.campaign_id}
    shown = ticket is not None and ours and decision is not PAUSED
    registration_id = ticket.registration_id if ticket is not None and shown else None
    return ScanResult(scan.nonce, verdict, decision.reason, first_at, registration_id)


def _keep(
    scan: IncomingScan,
    scanner: Scanner,
    mark: TicketLookup,
    answer: ScanResult,
    timed: CorrectedTime,
    *,
    now: datetime,
) -> None:
    """Store a scan with its verdict."""
    insert_row(
        Scan,
        device_id=scanner.device_id,
        nonce=scan.nonce,
        check_point=str(scan.check_point),
        registration_id=answer.registration_id,
        token_hash=mark.hash,
        scanned_at=scan.scanned_at,
        device_at=scan.device_at,
        sent_at=scan.sent_at,
        at=timed.at,
        doubt=timed.doubt,
        shown=scan.shown,
        received_at=now,
        verdict=str(answer.verdict),
        reason=answer.reason,
        first_at=answer.first_at,
    )


def _timed(scan: IncomingScan, scanner: Scanner, *, now: datetime) -> CorrectedTime:
    system = (
        scanner.campaign_id is None
    )  # of another system one of the two times says nothing: its claim counts
    if scan.device_at is None or (system and scan.sent_at is None):
        return CorrectedTime(scan.scanned_at)
    known = scanner.offset_ms if scan.offset_ms is None else scan.offset_ms
    return corrected(scan.device_at, scan.sent_at, now, offset_ms=known)


def _look_up(
    marks: Mapping[str, TicketLookup], scanner: Scanner
) -> tuple[KnownScans, dict[bytes, TicketFacts]]:
    """Earlier answers by nonce, and tickets by the hash that they were looked up by."""
    run(LOCK, {"device": scanner.device_id})
    device = {"device": scanner.device_id}
    if len(marks) == 1:
        ((nonce, mark),) = marks.items()
        answered = tickets = run(ONE, {**device, "nonce": nonce, "hash": mark.hash}).all()
    else:
        answered = run(ANSWERED, {**device, "all": list(marks)}).all()
        answers = {row.nonce for row in answered}
        wanted = {mark.hash for nonce, mark in marks.items() if nonce not in answers}
        tickets = run(TICKETS, {"all": list(wanted)}).all()
    return _answers(answered), tickets_in(tickets)


def _answers(rows: Sequence[AnyRow]) -> KnownScans:
    return {
        row.nonce: (
            ScanResult(row.nonce, ScanVerdict(row.verdict), row.reason, row.first_at, row.answered_for),
            (row.answered_hash, row.answered_point),
        )
        for row in rows
        if row.nonce is not None
    }
