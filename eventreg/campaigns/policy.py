"""The admission policy of a campaign: who gets a place first, as the pools that carry it out. Pure.

A policy is chosen before sign-ups open and shown to everybody (plan P10); it bounds who is seated, and the order of arrival
decides among the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from eventreg.core.errors import Refused

from .inputs import NewPool
from .rules import PoolFacts, PoolScope, SignUpWindow

TOLD_BEFORE = timedelta(
    hours=24
)  # a place that passes later than this before the start reaches nobody in time


class Policy(StrEnum):
    """Who gets a place first; see `docs/design.md` for what each does."""

    FIRST_COME = "first_come"
    WOMEN_FIRST = "women_first"
    KEPT_FOR_WOMEN = "kept_for_women"
    ALLOTTED = "allotted"
    CEILINGS = "ceilings"


WITH_END = frozenset({Policy.WOMEN_FIRST, Policy.KEPT_FOR_WOMEN, Policy.ALLOTTED})


@dataclass(frozen=True, slots=True)
class Allotment:
    """The places of a unit; `reason` is why they differ from what the calculation gave."""

    places: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AdmissionTerms:
    """A policy with its numbers.

    `total` None is without a bound. `kept` are places for women, `units` the places of units by id: reserved for them by
    ALLOTTED, the most that they can get by CEILINGS. At `until` women's and units' places go to everybody who waits.
    """

    policy: Policy
    total: int | None
    kept: int = 0
    until: datetime | None = None
    units: Mapping[int, Allotment] = field(default_factory=lambda: MappingProxyType({}))


def pools_of_policy(wanted: AdmissionTerms) -> list[NewPool]:
    """The pools that carry a policy out, but for those of options.

    Raises Refused at the field of what is missing: plan.places_missing, plan.turn_missing, plan.kept_missing,
    plan.reserved_too_many (most), plan.kept_all, plan.units_missing or plan.allotted_too_many (over).
    """
    if wanted.policy in WITH_END:
        _check_complete(wanted)
    until = wanted.until if wanted.policy in WITH_END else None
    everybody = [] if wanted.total is None else [NewPool(PoolScope.TOTAL, wanted.total)]
    return [*everybody, *_of_men(wanted, until), *_of_units(wanted, until)]


def _of_men(wanted: AdmissionTerms, until: datetime | None) -> Iterator[NewPool]:
    """What is kept for women is a bound on men."""
    if wanted.policy is Policy.WOMEN_FIRST:
        yield NewPool(PoolScope.GENDER, 0, gender="male", ends_at=until)
    if wanted.policy not in {Policy.KEPT_FOR_WOMEN, Policy.CEILINGS} or not wanted.kept:
        return
    if wanted.total is None:
        raise Refused("plan.reserved_without_total", field="kept")
    if wanted.kept > wanted.total:
        raise Refused("plan.reserved_too_many", field="kept", most=wanted.total)
    if wanted.policy is Policy.KEPT_FOR_WOMEN and wanted.kept == wanted.total:
        raise Refused("plan.kept_all", field="kept")  # its pools would be those of WOMEN_FIRST
    yield NewPool(PoolScope.GENDER, wanted.total - wanted.kept, gender="male", ends_at=until)


def _of_units(wanted: AdmissionTerms, until: datetime | None) -> Iterator[NewPool]:
    if wanted.policy not in {Policy.ALLOTTED, Policy.CEILINGS}:
        return
    for unit_id, one in wanted.units.items():
        yield NewPool(PoolScope.UNIT, one.places, unit_id=unit_id, ends_at=until, reason=one.reason or None)
    if wanted.policy is Policy.ALLOTTED:
        total, allotted = wanted.total or 0, sum(one.places for one in wanted.units.values())
        if allotted > total:
            raise Refused("plan.allotted_too_many", field="capacity", over=allotted - total, total=total)
        yield NewPool(PoolScope.REST, total - allotted, ends_at=until)


def admission_of(pools: Iterable[PoolFacts]) -> AdmissionTerms:
    """The policy that these pools carry out: the reverse of `pools_of_policy`. Pools that have ended count."""
    by_scope: dict[PoolScope, list[PoolFacts]] = {scope: [] for scope in PoolScope}
    for pool in pools:
        by_scope[pool.scope].append(pool)
    total = next((pool.capacity for pool in by_scope[PoolScope.TOTAL]), None)
    men = next((pool for pool in by_scope[PoolScope.GENDER] if pool.gender == "male"), None)
    units = {
        pool.unit_id: Allotment(pool.capacity)
        for pool in by_scope[PoolScope.UNIT]
        if pool.unit_id is not None
    }
    kept = max(0, (total or 0) - men.capacity) if men is not None else 0
    if by_scope[PoolScope.REST]:
        return AdmissionTerms(Policy.ALLOTTED, total, 0, by_scope[PoolScope.REST][0].ends_at, units)
    if men is not None and men.ends_at is not None:
        policy = Policy.KEPT_FOR_WOMEN if men.capacity else Policy.WOMEN_FIRST
        return AdmissionTerms(policy, total, kept if men.capacity else 0, men.ends_at)
    if units or men is not None:
        return AdmissionTerms(Policy.CEILINGS, total, kept, None, units)
    return AdmissionTerms(Policy.FIRST_COME, total)


def check_until(until: datetime | None, window: SignUpWindow, *, now: datetime) -> None:
    """Check the instant from which places go to everybody: not past, after the opening, a day before the start.

    Raises Refused("plan.until_past"), ("plan.until_before_opening") or ("plan.until_too_late", latest) at its field.
    """
    if until is None:
        return
    if until <= now:
        raise Refused("plan.until_past", field="until")
    if until <= window.opens_at:
        raise Refused("plan.until_before_opening", field="until", opens_at=window.opens_at)
    latest = window.begins_at - TOLD_BEFORE
    if until > latest:
        raise Refused("plan.until_too_late", field="until", latest=latest)


def check_kept_promise(before: AdmissionTerms, wanted: AdmissionTerms) -> None:
    """Check that a policy under which people signed up stays: only its numbers, and bounds that never end, may change.

    Raises Refused("plan.policy_fixed") or ("plan.until_fixed").
    """
    if before.policy is not wanted.policy and {before.policy, wanted.policy} & WITH_END:
        raise Refused("plan.policy_fixed", field="policy")
    if before.until != wanted.until and wanted.policy in WITH_END:
        raise Refused("plan.until_fixed", field="until")


def nested(unit_ids: Iterable[int], chains: Mapping[int, Sequence[int]]) -> int | None:
    """The first of these units that stands below another one, so that a person would be under two; None if none does.

    `chains` are a unit and those above it, by the unit's id.
    """
    chosen = set(unit_ids)
    return next((one for one in sorted(chosen) if chosen & set(chains[one][1:])), None)


def _check_complete(wanted: AdmissionTerms) -> None:
    if wanted.total is None:
        raise Refused("plan.places_missing", field="capacity")
    if wanted.policy is Policy.KEPT_FOR_WOMEN and not wanted.kept:
        raise Refused("plan.kept_missing", field="kept")
    if wanted.policy is Policy.ALLOTTED and not wanted.units:
        raise Refused("plan.units_missing", field="unit_0")
    if wanted.until is None:
        raise Refused("plan.turn_missing", field="until")
