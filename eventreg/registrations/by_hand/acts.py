"""The record of what was done by hand to a registration: the reason is public, the note is for organisers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from eventreg.core.actor import Actor
from eventreg.core.db.session import db, insert_row
from eventreg.registrations.models import HandAct

from .rules import HandActKind, HandReason


@dataclass(frozen=True, slots=True)
class HandActFacts:
    """One act by hand. `note` is "" without one; `by` is an audit name."""

    act: HandActKind
    reason: HandReason
    note: str
    by: str
    at: datetime


def record(
    registration_id: int, act: HandActKind, reason: HandReason | str, *, note: str = "", actor: Actor
) -> None:
    """Store one act in the open unit of work."""
    insert_row(
        HandAct,
        registration_id=registration_id,
        act=str(act),
        reason=str(reason),
        note=note or None,
        by=actor.audit_name,
        at=actor.now,
    )


def list_of(registration_id: int) -> list[HandActFacts]:
    """The acts by hand of a registration, the newest first. The caller has checked that the visitor organises it."""
    rows = select(HandAct).where(HandAct.registration_id == registration_id)
    return [
        HandActFacts(HandActKind(row.act), HandReason(row.reason), row.note or "", row.by, row.at)
        for row in db.session.scalars(rows.order_by(HandAct.id.desc()))
    ]
