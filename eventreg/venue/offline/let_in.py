"""People whom a phone let through by itself and whom the server did not admit. They are on the premises, without a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update

from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.core.trail import audit
from eventreg.venue.devices import DeviceFacts
from eventreg.venue.incoming import IncomingScan, ScanResult
from eventreg.venue.models import Scan
from eventreg.venue.rules import ScanVerdict

from .desk_entries import DeskEntry, EntryAnswer
from .models import LetIn

REASON_MOST = 200
RELEASED = "released"  # `Scan.shown` of an amber verdict after which somebody was let through


class Shown(StrEnum):
    """What the phone showed when it let somebody through."""

    GREEN = "green"
    AMBER = "amber"
    WALK_IN = "walk_in"


@dataclass(frozen=True, slots=True)
class LetInFacts:
    """Somebody who was let through. `answered` is the server's code; from `off_at` on they are not looked for any more.

    `device_id` and `nonce` name the row.
    """

    registration_id: int | None
    staff_no: str | None
    shown: Shown
    answered: str
    at: datetime
    off_at: datetime | None
    check_point: str
    device_id: int
    nonce: str


def list_of(campaign_id: int, *, activity_id: int | None = None) -> list[LetInFacts]:
    """Everybody whom a phone let through and the server did not admit, in the order of time.

    With an activity: those of its check points, and of check points of the whole campaign.
    """
    rows = (
        select(LetIn).where(LetIn.campaign_id == campaign_id).order_by(LetIn.at, LetIn.device_id, LetIn.nonce)
    )
    if activity_id is not None:
        rows = rows.where((LetIn.activity_id == activity_id) | LetIn.activity_id.is_(None))
    found = db.session.scalars(rows.execution_options(populate_existing=True))
    return [
        LetInFacts(
            row.registration_id,
            row.staff_no,
            Shown(row.shown),
            row.answered,
            row.at,
            row.off_at,
            row.check_point,
            row.device_id,
            row.nonce,
        )
        for row in found
    ]


def note_scans(batch: Sequence[IncomingScan], answers: Sequence[ScanResult], device: DeviceFacts) -> None:
    """Note whom the phone showed green and the server refuses; part of the unit of work that stores the scans."""
    refused = {
        scan.nonce
        for scan, answer in zip(batch, answers, strict=True)
        if scan.shown == Shown.GREEN
        and answer.verdict is ScanVerdict.REFUSED
        and answer.reason != "scan.nonce_reused"
    }
    if refused:
        rows = select(Scan).where(Scan.device_id == device.id, Scan.nonce.in_(refused)).order_by(Scan.id)
        for scan in db.session.scalars(rows):
            _note(scan, device, Shown.GREEN)


def release(entry: DeskEntry, device: DeviceFacts) -> EntryAnswer:
    """Record that somebody was let through: after an amber verdict, once they had been compared with their ticket, or
    because the phone showed green before the server's answer came.

    Whom the server refused stands in the list; of others, who count already, the scan says that they were let through.
    """
    mine = select(Scan).where(Scan.device_id == device.id, Scan.nonce == entry.of)
    scan = db.session.scalar(mine.with_for_update().execution_options(populate_existing=True))
    if scan is None:
        return EntryAnswer(entry.nonce, "release.no_scan", stored=False)
    if scan.verdict == ScanVerdict.REFUSED:
        _note(scan, device, Shown.GREEN if entry.green else Shown.AMBER)
    scan.shown = Shown.GREEN if entry.green else RELEASED
    db.session.flush()
    return EntryAnswer(entry.nonce)


def keep(row: LetIn) -> None:
    """Store a row, unless this entry was noted before."""
    if db.session.get(LetIn, (row.device_id, row.nonce)) is None:
        db.session.add(row)
        db.session.flush()


def take_off(device_id: int, nonce: str, *, campaign_id: int, reason: str, actor: Actor) -> None:
    """Note that somebody is accounted for. Raises NotFound, Refused("let_in.no_reason") or ("let_in.long_reason")."""
    if not reason:
        raise Refused("let_in.no_reason", field="reason")
    if len(reason) > REASON_MOST:
        raise Refused("let_in.long_reason", field="reason", most=REASON_MOST)
    mine = (LetIn.device_id == device_id, LetIn.nonce == nonce, LetIn.campaign_id == campaign_id)
    off = update(LetIn).where(*mine).values(off_at=actor.now, off_by=actor.audit_name, off_reason=reason)
    if db.session.execute(off.returning(LetIn.nonce)).scalar_one_or_none() is None:
        raise NotFound("let_in")
    audit.record("desk.accounted_for", f"campaign:{campaign_id}", actor=actor, device=device_id)


def _note(scan: Scan, device: DeviceFacts, shown: Shown) -> None:
    row = LetIn(
        device_id=device.id,
        nonce=scan.nonce,
        campaign_id=device.campaign_id,
        activity_id=device.activity_id,
        registration_id=scan.registration_id,
        check_point=scan.check_point,
        at=scan.at,
        shown=shown,
        answered=scan.reason or str(scan.verdict),
    )
    keep(row)
