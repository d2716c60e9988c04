"""A head lets a colleague sign for a unit, for a period that ends by itself or when she says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from eventreg.core.actor import Actor, person_actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.core.trail import audit
from eventreg.people import service as people
from eventreg.people.service import PersonFacts

from . import letters, who_may_sign
from .models import Delegation
from .rules import check_period


@dataclass(frozen=True, slots=True)
class DelegationFacts:
    """Whom a head lets sign, for which unit, from when up to when."""

    id: int
    delegate: PersonFacts
    unit_id: int
    since: datetime
    until: datetime


def name(
    head_id: int, delegate_id: int, unit_id: int, *, since: datetime, until: datetime, now: datetime
) -> int:
    """Let somebody sign for one of the head's own units; her delegation's id, the same when asked again.

    She is told by mail. Raises NotFound for a unit that is not the head's,
    Refused("delegation.self"), ("delegation.period"), ("delegation.too_long").
    """
    if unit_id not in who_may_sign.own_units(head_id, now=now):
        raise NotFound("unit")
    if delegate_id == head_id:
        raise Refused("delegation.self", field="staff_no")
    check_period(since, until, now=now)
    same = (Delegation.head_id == head_id, Delegation.delegate_id == delegate_id)
    period = (Delegation.unit_id == unit_id, Delegation.since <= since, Delegation.until >= until)
    known = db.session.scalar(select(Delegation.id).where(*same, *period).limit(1))
    if known is not None:
        return known
    row = Delegation(
        head_id=head_id,
        delegate_id=delegate_id,
        unit_id=unit_id,
        since=since,
        until=until,
        made_at=now,
    )
    db.session.add(row)
    db.session.flush()
    _note(row, "made", actor=person_actor(head_id, now=now))
    letters.tell_delegate(row, now=now)
    return row.id


def end(delegation_id: int, *, actor: Actor) -> None:
    """End what the head gave, at once; what has not begun is taken back whole. Raises NotFound."""
    mine = (Delegation.id == delegation_id, Delegation.head_id == actor.person_id)
    row = db.session.scalar(select(Delegation).where(*mine).execution_options(populate_existing=True))
    if row is None:
        raise NotFound("delegation")
    if row.until <= actor.now:
        return
    _note(row, "ended", actor=actor)
    if row.since >= actor.now:
        db.session.execute(delete(Delegation).where(Delegation.id == row.id))
    else:
        row.until = actor.now


def list_of(head_id: int, *, now: datetime) -> Sequence[DelegationFacts]:
    """Whom a head lets sign now or later, by when it ends."""
    mine = (Delegation.head_id == head_id, Delegation.until > now)
    rows = db.session.scalars(select(Delegation).where(*mine).order_by(Delegation.until, Delegation.id)).all()
    named = people.people_by_id({row.delegate_id for row in rows})
    return [DelegationFacts(r.id, named[r.delegate_id], r.unit_id, r.since, r.until) for r in rows]


def find(
    delegation_id: int, delegate_id: int, *, now: datetime
) -> tuple[PersonFacts, DelegationFacts] | None:
    """What somebody holds now or will, with whose it is; None for another's and what is over."""
    mine = (Delegation.id == delegation_id, Delegation.delegate_id == delegate_id, Delegation.until > now)
    row = db.session.scalar(select(Delegation).where(*mine))
    if row is None:
        return None
    named = people.people_by_id({row.head_id, row.delegate_id})
    return named[row.head_id], DelegationFacts(
        row.id, named[row.delegate_id], row.unit_id, row.since, row.until
    )


def _note(row: Delegation, action: str, *, actor: Actor) -> None:
    about = f"person:{row.delegate_id}"
    audit.record(f"delegation.{action}", about, actor=actor, unit=row.unit_id)
