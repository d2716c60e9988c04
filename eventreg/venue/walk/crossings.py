"""Taps "somebody crosses" at the finish: stored as they arrive, struck out or added by hand, never deleted."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from eventreg.campaigns.check_points import service as check_points
from eventreg.campaigns.kinds import CheckPointRole
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.core.trail import audit
from eventreg.venue.clocks import corrected
from eventreg.venue.models import Device
from eventreg.venue.rules import BATCH_MOST, NONCE_MOST

from .models import Crossing


@dataclass(frozen=True, slots=True)
class Tap:
    """A tap as a phone sends it: both times by the phone's own clock.

    `offset_ms` is how much later our clock was known to be than the phone's when it tapped. A queue that travels as a
    file has no `sent_at` and is corrected by it; else the time is doubtful where it differs, because the clock was set.
    """

    nonce: str
    check_point: str
    device_at: datetime
    sent_at: datetime | None
    offset_ms: int | None = None


def record(taps: Sequence[Tap], *, device_id: int, campaign_id: int, now: datetime) -> dict[str, str | None]:
    """Store taps and answer each nonce: None for a tap that is stored, also earlier, else why it was refused.

    A tap that is sent again changes nothing. Raises Refused("scan.too_many") above 1,000 taps.
    """
    if len(taps) > BATCH_MOST:
        raise Refused("scan.too_many", most=BATCH_MOST)
    finishes = {one.code for one in check_points.list_of(campaign_id) if one.role is CheckPointRole.FINISH}
    known = db.session.scalar(select(Device.offset_ms).where(Device.id == device_id))
    answers: dict[str, str | None] = {}
    for tap in taps:
        if tap.nonce not in answers:
            answers[tap.nonce] = _fault(tap, finishes)
            if answers[tap.nonce] is None:
                offset = known if tap.offset_ms is None else tap.offset_ms
                time = corrected(tap.device_at, tap.sent_at, now, offset_ms=offset)
                row = {"device_at": tap.device_at, "sent_at": tap.sent_at, "at": time.at, "doubt": time.doubt}
                _keep(tap.nonce, tap.check_point, device_id, campaign_id, received_at=now, **row)
    return answers


def _fault(tap: Tap, finishes: set[str]) -> str | None:
    """Why a tap cannot be stored. A wrong clock is no reason: the time is corrected, or in doubt."""
    if not tap.nonce or len(tap.nonce) > NONCE_MOST:
        return "request.key_form"
    return None if tap.check_point in finishes else "tap.check_point"


def _keep(nonce: str, check_point: str, device_id: int, campaign_id: int, **row: Any) -> None:
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    place = {"nonce": nonce, "check_point": check_point, "device_id": device_id, "campaign_id": campaign_id}
    db.session.execute(insert(Crossing).values(**place, **row).on_conflict_do_nothing())


def strike(crossing_id: int, campaign_id: int, reason: str, *, actor: Actor) -> None:
    """Strike out a tap that is nobody's: the taps and scans of its burst are matched anew. Done twice, it happens once.

    Raises NotFound for a tap of another campaign.
    """
    _get(crossing_id, campaign_id)
    struck = update(Crossing).where(Crossing.id == crossing_id, Crossing.struck_at.is_(None))
    values = {"struck_at": actor.now, "struck_by": actor.audit_name, "struck_reason": reason}
    if db.session.execute(struck.values(**values).returning(Crossing.id)).scalar_one_or_none() is not None:
        audit.record("walk.tap_struck", f"campaign:{campaign_id}", actor=actor, crossing=crossing_id)


def put_back(crossing_id: int, campaign_id: int, *, actor: Actor) -> None:
    """Let a tap count again that was struck out. Raises NotFound for a tap of another campaign."""
    _get(crossing_id, campaign_id)
    back = update(Crossing).where(Crossing.id == crossing_id, Crossing.struck_at.is_not(None))
    values = {"struck_at": None, "struck_by": None, "struck_reason": None}
    if db.session.execute(back.values(**values).returning(Crossing.id)).scalar_one_or_none() is not None:
        audit.record("walk.tap_put_back", f"campaign:{campaign_id}", actor=actor, crossing=crossing_id)


@dataclass(frozen=True, slots=True)
class StruckTap:
    """A tap that was struck out, with its reason."""

    id: int
    at: datetime
    reason: str


def list_struck(campaign_id: int) -> list[StruckTap]:
    """The taps that were struck out, by time."""
    columns = (Crossing.id, Crossing.at, Crossing.struck_reason)
    here = (Crossing.campaign_id == campaign_id, Crossing.struck_at.is_not(None))
    rows = db.session.execute(select(*columns).where(*here).order_by(Crossing.at, Crossing.id))
    return [StruckTap(id_, at, reason or "") for id_, at, reason in rows]


def add(like: int, campaign_id: int, at: datetime, reason: str, *, actor: Actor) -> None:
    """Add a tap that was forgotten, at the phone of the tap `like`: its burst is matched anew.

    Raises NotFound for a tap of another campaign, Refused("time_fix.future").
    """
    found = _get(like, campaign_id)
    if at > actor.now:
        raise Refused("time_fix.future")
    nonce = f"hand-{secrets.token_hex(8)}"
    _keep(nonce, found.check_point, found.device_id, campaign_id, received_at=actor.now, at=at, note=reason)
    audit.record(
        "walk.tap_added", f"campaign:{campaign_id}", actor=actor, like=like, tapped_at=at.isoformat()
    )


def _get(crossing_id: int, campaign_id: int) -> Crossing:
    here = (Crossing.id == crossing_id, Crossing.campaign_id == campaign_id)
    found = db.session.scalar(select(Crossing).where(*here).execution_options(populate_existing=True))
    if found is None:
        raise NotFound("crossing")
    return found
