"""Places of a campaign set anew: raised ones go to whoever waits, in the same transaction (law 6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, literal, select

from eventreg.campaigns.inputs import NewPool
from eventreg.campaigns.models import Campaign, Pool
from eventreg.campaigns.plan import planning
from eventreg.campaigns.rules import PoolScope
from eventreg.campaigns.service import lock_window
from eventreg.campaigns.writing import pool_row
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.keyring.keys import Keys
from eventreg.people import service as people
from eventreg.people.models import Person

from . import seating
from .models import Registration, TakenPlace
from .rules import RegistrationState

Name = tuple[str, int | None, str | None]


def change_places(campaign_id: int, bounds: Sequence[NewPool], *, seen: int, actor: Actor) -> list[int]:
    """Set all bounds of a campaign; returns the registrations that this seated, in order of arrival.

    A bound below what is taken cancels nobody and admits nobody; a new one counts who has a place
    already; one that is gone gives its places back. Where everything is called off nobody is seated. Raises Refused("plan.changed_meanwhile") or
    ("plan.started").
    """
    campaign, window = lock_window(campaign_id)
    before = _pools(campaign_id)
    wanted = {_name(bound.scope, bound.unit_id, bound.gender): bound for bound in bounds}
    if {name: pool.capacity for name, pool in before.items()} == {n: b.capacity for n, b in wanted.items()}:
        return []
    planning.check_planned(campaign, window, seen=seen, now=actor.now)
    for name in before.keys() - wanted.keys():
        _drop(before[name])
    for name, bound in wanted.items():
        if name in before:
            before[name].capacity = bound.capacity
        else:
            _add(campaign_id, bound)
    db.session.flush()
    _note(campaign, wanted, actor=actor)
    return [] if window.called_off else seating.promote(campaign, keys=actor.keys, now=actor.now)


def seat_after_moves(*, keys: Keys, now: datetime) -> list[int]:
    """Seat who waits and has room since the roster moved her or corrected her gender; their registrations.

    Nobody's place was freed, so nothing else would ask. In a unit of its own, after the roster's: campaigns
    are locked before people, by id.
    """
    bounded = select(Pool.campaign_id).where(Pool.scope != PoolScope.TOTAL)
    lines = (Campaign.waiting > 0, Campaign.state == "published", Campaign.id.in_(bounded))
    seated: list[int] = []
    for campaign_id in db.session.scalars(select(Campaign.id).where(*lines).order_by(Campaign.id)).all():
        campaign, window = lock_window(campaign_id)
        if now < window.starts_at and not window.called_off:
            seated += seating.promote(campaign, keys=keys, now=now)
    return seated


def _pools(campaign_id: int) -> dict[Name, Pool]:
    """The pools by what they bound, locked and read anew."""
    rows = select(Pool).where(Pool.campaign_id == campaign_id).order_by(Pool.id).with_for_update()
    found = db.session.scalars(rows.execution_options(populate_existing=True))
    return {_name(pool.scope, pool.unit_id, pool.gender): pool for pool in found}


def _name(scope: str, unit_id: int | None, gender: str | None) -> Name:
    return str(scope), unit_id, gender


def _drop(pool: Pool) -> None:
    db.session.execute(delete(TakenPlace).where(TakenPlace.pool_id == pool.id))
    db.session.delete(pool)


def _add(campaign_id: int, bound: NewPool) -> None:
    """A new pool; whoever has a place and is bound by it holds one of its places from now on."""
    pool = pool_row(campaign_id, bound)
    db.session.add(pool)
    db.session.flush()
    seated = (
        select(Registration.id, literal(pool.id))
        .join(Person, Person.id == Registration.person_id)
        .where(
            Registration.campaign_id == campaign_id,
            Registration.state == RegistrationState.SEATED,
            *_bound_by(bound),
        )
    )
    db.session.execute(insert(TakenPlace).from_select(["registration_id", "pool_id"], seated))
    held = select(func.count()).select_from(TakenPlace).where(TakenPlace.pool_id == pool.id)
    pool.taken = db.session.scalar(held) or 0


def _bound_by(bound: NewPool) -> list[ColumnElement[bool]]:
    """Whom a pool binds, as SQL: the same as `campaigns.rules.binds`."""
    if bound.unit_id is not None:
        return [Person.unit_id.in_(people.units_under(bound.unit_id))]
    return [Person.gender == bound.gender] if bound.gender is not None else []


def _note(campaign: Campaign, wanted: dict[Name, NewPool], *, actor: Actor) -> None:
    total = next((b.capacity for b in wanted.values() if b.scope is PoolScope.TOTAL), None)
    narrower = {
        f"{b.scope}:{b.unit_id or b.gender}": b.capacity
        for b in wanted.values()
        if b.scope is not PoolScope.TOTAL
    }
    planning.forget_default(campaign, "unlimited")
    planning.note(campaign, "places_changed", actor=actor, total=total, narrower=narrower)
