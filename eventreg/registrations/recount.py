"""Compare counters with the rows that they count: the drift must be 0 at any time (law 5)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from eventreg.campaigns.models import Campaign, Pool
from eventreg.core.db.session import db

from .models import AddedPlace, Registration, TakenPlace
from .rules import RegistrationState


@dataclass(frozen=True, slots=True)
class CounterDrift:
    """A counter that differs from the number of rows that it counts."""

    campaign: str
    counter: str
    stored: int
    counted: int


def recount() -> list[CounterDrift]:
    """All counters that differ from their rows, by campaign and counter. Reads only."""
    return sorted([*_campaigns(), *_pools(), *_added()], key=lambda drift: (drift.campaign, drift.counter))


def _campaigns() -> list[CounterDrift]:
    waiting = func.count(Registration.id).filter(Registration.state == RegistrationState.WAITING)
    last = func.coalesce(func.max(Registration.arrival), 0)
    numbers = func.count(Registration.id)
    rows = db.session.execute(
        select(Campaign.slug, Campaign.waiting, Campaign.last_arrival, waiting, last, numbers)
        .outerjoin(Registration, Registration.campaign_id == Campaign.id)
        .group_by(Campaign.id)
    )
    drifts = []
    for slug, stored_waiting, stored_last, counted_waiting, counted_last, count in rows:
        drifts.append(CounterDrift(slug, "waiting", stored_waiting, counted_waiting))
        drifts.append(CounterDrift(slug, "last_arrival", stored_last, counted_last))
        drifts.append(CounterDrift(slug, "arrival_numbers", stored_last, count))
    return [drift for drift in drifts if drift.stored != drift.counted]


def _pools() -> list[CounterDrift]:
    taken = func.count(Registration.id)
    rows = db.session.execute(
        select(Campaign.slug, Pool.id, Pool.taken, taken)
        .join(Campaign, Campaign.id == Pool.campaign_id)
        .outerjoin(TakenPlace, TakenPlace.pool_id == Pool.id)
        .outerjoin(
            Registration,
            (Registration.id == TakenPlace.registration_id)
            & (Registration.state == RegistrationState.SEATED),
        )
        .group_by(Campaign.slug, Pool.id, Pool.taken)
    )
    drifts = [CounterDrift(slug, f"pool {pool}", stored, counted) for slug, pool, stored, counted in rows]
    return [drift for drift in drifts if drift.stored != drift.counted]


def _added() -> list[CounterDrift]:
    """Places that were added by hand: each belongs to a registration that has a place in that pool."""
    held = (
        select(AddedPlace.pool_id, func.count().label("held"))
        .join(Registration, Registration.id == AddedPlace.registration_id)
        .join(
            TakenPlace,
            (TakenPlace.registration_id == AddedPlace.registration_id)
            & (TakenPlace.pool_id == AddedPlace.pool_id),
        )
        .where(Registration.state == RegistrationState.SEATED)
        .group_by(AddedPlace.pool_id)
        .subquery()
    )
    counted = func.coalesce(held.c.held, 0)
    rows = db.session.execute(
        select(Campaign.slug, Pool.id, Pool.added, counted)
        .join(Campaign, Campaign.id == Pool.campaign_id)
        .outerjoin(held, held.c.pool_id == Pool.id)
        .where(Pool.added != counted)
    )
    return [CounterDrift(slug, f"added in pool {pool}", stored, found) for slug, pool, stored, found in rows]
