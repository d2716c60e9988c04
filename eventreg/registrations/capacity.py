"""Change the number of places of a campaign: additional places go to people who wait, in the same transaction (law 6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, literal, select

from eventreg.campaigns.inputs import NewPool
from eventreg.campaigns.models import Campaign, Pool, Question
from eventreg.campaigns.plan import planning
from eventreg.campaigns.policy import (
    WITH_END,
    AdmissionTerms,
    admission_of,
    check_kept_promise,
    check_until,
    nested,
    pools_of_policy,
)
from eventreg.campaigns.rules import PoolScope
from eventreg.campaigns.service import lock_window
from eventreg.campaigns.writing import pool_row
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.core.keyring.keys import Keys
from eventreg.people import service as people
from eventreg.people import units
from eventreg.people.models import Person

from . import seating
from .by_hand import added_places
from .models import Answer, Registration, TakenPlace
from .rules import RegistrationState

Name = tuple[str, int | None, str | None, str | None, str | None]
PLANNED = frozenset(
    {PoolScope.TOTAL, PoolScope.UNIT, PoolScope.GENDER, PoolScope.REST}
)  # not those of options


def change_places(campaign_id: int, bounds: Sequence[NewPool], *, seen: int, actor: Actor) -> list[int]:
    """Set the pools of a campaign but for those of options; the registrations that got a place by it, in order of arrival.

    A bound below the number of taken places cancels nobody and admits nobody. Places that were added by hand stay. If
    everything is called off, nobody is seated. Raises Refused("plan.changed_meanwhile") or ("plan.started").
    """
    campaign, window = lock_window(campaign_id)
    before = _pools(campaign_id, PLANNED)
    wanted = {_name(bound): bound for bound in _with_reasons(bounds, before)}
    if {name: _terms(pool) for name, pool in before.items()} == {n: _terms(b) for n, b in wanted.items()}:
        return []
    planning.check_planned(campaign, window, seen=seen, now=actor.now)
    was = _numbers(before.values())
    set_bounds(campaign_id, list(wanted.values()), scopes=PLANNED)
    _note(campaign, was, _numbers(wanted.values()), actor=actor)
    return seating.promote(campaign, window, keys=actor.keys, now=actor.now)


def change_admission(campaign_id: int, wanted: AdmissionTerms, *, seen: int, actor: Actor) -> list[int]:
    """Set the admission policy and its numbers; the registrations that got a place by it.

    Raises what `change_places`, `policy.pools_of_policy`, `policy.check_until` and `policy.check_kept_promise` do, and
    Refused("plan.unit_nested", unit) where one unit stands below another.
    """
    campaign, window = lock_window(campaign_id)
    before = admission_of(seating.all_pools(campaign_id))
    if campaign.last_arrival:
        check_kept_promise(before, wanted)
    if wanted.policy in WITH_END and (wanted.until != before.until or before.policy not in WITH_END):
        check_until(wanted.until, window, now=actor.now)
    below = nested(wanted.units, {unit_id: units.chain_of(unit_id) for unit_id in wanted.units})
    if below is not None:
        name = units.paths_of({below})[below]
        raise Refused("plan.unit_nested", field=f"unit_{list(wanted.units).index(below)}", unit=name)
    return change_places(campaign_id, pools_of_policy(wanted), seen=seen, actor=actor)


def set_bounds(campaign_id: int, bounds: Sequence[NewPool], *, scopes: Set[PoolScope]) -> None:
    """Replace the pools of these scopes. Call it with the campaign locked; the caller seats whoever then fits.

    A new pool counts the people who have a place already; a removed pool gives its places back.
    """
    before = _pools(campaign_id, scopes)
    wanted = {_name(bound): bound for bound in bounds}
    for name in before.keys() - wanted.keys():
        _drop(before[name])
    for name, bound in sorted(wanted.items(), key=lambda pair: pair[1].scope is PoolScope.REST):
        if name in before:
            pool = before[name]
            pool.capacity, pool.reason = bound.capacity, bound.reason
            if pool.ends_at != bound.ends_at:
                pool.ends_at, pool.lifted_at = bound.ends_at, None
        else:
            _add(campaign_id, bound)
    db.session.flush()


def seat_after_moves(*, keys: Keys, now: datetime) -> list[int]:
    """Seat people who wait and fit since the roster changed their unit or gender; returns their registrations.

    No place was freed, so nothing else would seat them. Runs in its own unit of work, after that of the roster:
    campaigns are locked before people, by id.
    """
    bounded = select(Pool.campaign_id).where(Pool.scope != PoolScope.TOTAL)
    lines = (Campaign.waiting > 0, Campaign.state == "published", Campaign.id.in_(bounded))
    seated: list[int] = []
    for campaign_id in db.session.scalars(select(Campaign.id).where(*lines).order_by(Campaign.id)).all():
        campaign, window = lock_window(campaign_id)
        seated += seating.promote(campaign, window, keys=keys, now=now)
    return seated


def _pools(campaign_id: int, scopes: Set[PoolScope]) -> dict[Name, Pool]:
    """The pools of these scopes by what they bind, locked and read anew."""
    rows = select(Pool).where(Pool.campaign_id == campaign_id).order_by(Pool.id).with_for_update()
    found = db.session.scalars(rows.execution_options(populate_existing=True))
    return {_name(pool): pool for pool in found if pool.scope in scopes}


def _name(pool: Pool | NewPool) -> Name:
    """What a pool binds: no two pools of a campaign bind the same."""
    return str(pool.scope), pool.unit_id, pool.gender, pool.question_key, pool.option


def _with_reasons(bounds: Sequence[NewPool], before: Mapping[Name, Pool]) -> list[NewPool]:
    """The bounds, where a number that stays keeps the reason that it was given."""
    return [
        replace(bound, reason=before[name].reason)
        if (name := _name(bound)) in before and not bound.reason and before[name].capacity == bound.capacity
        else bound
        for bound in bounds
    ]


def _terms(pool: Pool | NewPool) -> tuple[int, datetime | None, str | None]:
    """What an organiser sets of a pool."""
    return pool.capacity, pool.ends_at, pool.reason


def _drop(pool: Pool) -> None:
    added_places.forget(pool.id)
    db.session.execute(delete(TakenPlace).where(TakenPlace.pool_id == pool.id))
    db.session.delete(pool)


def _add(campaign_id: int, bound: NewPool) -> None:
    """Add a pool; everybody who has a place and is bound by it takes one of its places from now on.

    Whoever has a place that was added for them has one here too: they use up nobody's place.
    """
    pool = pool_row(campaign_id, bound)
    db.session.add(pool)
    db.session.flush()
    seated = (
        select(Registration.id, literal(pool.id))
        .join(Person, Person.id == Registration.person_id)
        .where(
            Registration.campaign_id == campaign_id,
            Registration.state == RegistrationState.SEATED,
            *_bound_by(campaign_id, bound),
        )
    )
    db.session.execute(insert(TakenPlace).from_select(["registration_id", "pool_id"], seated))
    held = select(func.count()).select_from(TakenPlace).where(TakenPlace.pool_id == pool.id)
    pool.taken = db.session.scalar(held) or 0
    pool.added = added_places.follow(pool.id, campaign_id)


def _bound_by(campaign_id: int, bound: NewPool) -> list[ColumnElement[bool]]:
    """The seated people that a pool binds, as an SQL condition: the same as `campaigns.rules.pools_for`."""
    if bound.unit_id is not None:
        return [Person.unit_id.in_(people.units_under(bound.unit_id))]
    if bound.scope is PoolScope.REST:
        allotted = select(Pool.unit_id).where(Pool.campaign_id == campaign_id, Pool.scope == PoolScope.UNIT)
        return [
            Person.unit_id.not_in(people.units_under(unit_id))
            for unit_id in db.session.scalars(allotted)
            if unit_id is not None
        ]
    if bound.option is not None:
        chosen = (
            select(Answer.registration_id)
            .join(Question, Question.id == Answer.question_id)
            .where(
                Question.campaign_id == campaign_id,
                Question.key == bound.question_key,
                literal(" ").concat(Answer.value).concat(" ").contains(f" {bound.option} ", autoescape=True),
            )
        )
        return [Registration.id.in_(chosen)]
    return [Person.gender == bound.gender] if bound.gender is not None else []


def _numbers(bounds: Iterable[Pool | NewPool]) -> dict[str, Any]:
    """The numbers of pools, for the audit trail: of the whole campaign, and of each narrower bound."""
    total, narrower = None, {}
    for bound in bounds:
        if bound.scope == PoolScope.TOTAL:
            total = bound.capacity
        else:
            parts = (str(bound.scope), bound.unit_id or bound.gender)
            narrower[":".join(str(part) for part in parts if part)] = bound.capacity
    return {"total": total, "narrower": narrower}


def _note(campaign: Campaign, was: dict[str, Any], became: dict[str, Any], *, actor: Actor) -> None:
    planning.forget_default(campaign, "unlimited", *(["admission"] if became["narrower"] else []))
    planning.note(campaign, "places_changed", actor=actor, **became, was=was, became=became)
