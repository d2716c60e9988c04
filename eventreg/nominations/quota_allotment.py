"""Allot the places of a quota table (分配表, plan P2) to departments by one of three rules. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from eventreg.core.errors import Refused

MOST = 10_000


class AllotmentMethod(StrEnum):
    """How places are allotted to departments: 最大余数, 保底再按比例, 每满几人一个."""

    REMAINDER = "remainder"
    FLOOR = "floor"
    THRESHOLD = "threshold"


@dataclass(frozen=True, slots=True)
class AllotmentRule:
    """A method with its numbers.

    REMAINDER allots `total` places by the largest remainder, FLOOR does so after `number` for each department,
    THRESHOLD allots one place for every `number` women and ignores `total`.
    """

    method: AllotmentMethod
    total: int
    number: int


def allot(basis: Sequence[int], rule: AllotmentRule) -> list[int]:
    """The places of each department; `basis` is the number of women in each, in the same order.

    Raises Refused("quota.total_missing"), ("quota.number_missing"), ("quota.more_than_women") or
    ("quota.floor_too_high").
    """
    if rule.method is AllotmentMethod.THRESHOLD:
        return _by_threshold(basis, rule.number)
    if rule.total < 1:
        raise Refused("quota.total_missing", field="total")
    if rule.total > sum(basis):
        raise Refused("quota.more_than_women", field="total", most=sum(basis))
    if rule.method is AllotmentMethod.REMAINDER:
        return _by_remainder(basis, rule.total)
    return _with_floor(basis, rule.total, rule.number)


def _by_threshold(basis: Sequence[int], women: int) -> list[int]:
    if women < 1:
        raise Refused("quota.number_missing", field="number")
    return [count // women for count in basis]


def _with_floor(basis: Sequence[int], total: int, least: int) -> list[int]:
    """First `least` places for each, or as many as it has women; the rest in proportion to the remaining women."""
    if least < 1:
        raise Refused("quota.number_missing", field="number")
    floors = [min(least, count) for count in basis]
    if sum(floors) > total:
        raise Refused("quota.floor_too_high", field="total", least=sum(floors))
    left = [count - floor for count, floor in zip(basis, floors, strict=True)]
    more = _by_remainder(left, total - sum(floors))
    return [floor + extra for floor, extra in zip(floors, more, strict=True)]


def _by_remainder(basis: Sequence[int], total: int) -> list[int]:
    """First the whole shares, then one more place by largest remainder; of equal remainders the first department wins.

    A share is at most its basis, because the total is at most the sum: rounding up stays within it.
    """
    everybody = sum(basis)
    if not total or not everybody:
        return [0] * len(basis)
    shares = [divmod(total * count, everybody) for count in basis]
    places = [whole for whole, _rest in shares]
    by_rest = sorted(range(len(basis)), key=lambda n: (-shares[n][1], n))
    for n in by_rest[: total - sum(places)]:
        places[n] += 1
    return places


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What was changed by hand after the rule: places by the rule, added, taken away."""

    by_rule: int
    added: int
    removed: int

    @property
    def total(self) -> int:
        """All places of the table."""
        return self.by_rule + self.added - self.removed


def adjustment(basis: Sequence[int], places: Sequence[int], rule: AllotmentRule) -> Adjustment | None:
    """Compare a table with its rule, in the same order; None if the rule cannot be applied to these figures."""
    try:
        made = allot(basis, rule)
    except Refused:
        return None
    by_hand = [count - by_rule for count, by_rule in zip(places, made, strict=True)]
    added, removed = sum(n for n in by_hand if n > 0), -sum(n for n in by_hand if n < 0)
    return Adjustment(sum(made), added, removed)
