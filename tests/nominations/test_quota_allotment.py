"""The calculator of a quota table: every place is given, none beyond a department's women."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from eventreg.core.errors import Refused
from eventreg.nominations.quota_allotment import Adjustment, AllotmentMethod, AllotmentRule, adjustment, allot

BASES = st.lists(st.integers(0, 400), min_size=1, max_size=12)


def by_remainder(total: int) -> AllotmentRule:
    return AllotmentRule(AllotmentMethod.REMAINDER, total, 0)


@given(BASES, st.data())
def test_every_place_is_given_and_none_beyond_the_women_of_a_department(
    basis: list[int], data: st.DataObject
) -> None:
    assume(sum(basis) > 0)
    total = data.draw(st.integers(1, sum(basis)))

    places = allot(basis, by_remainder(total))

    assert sum(places) == total
    assert [place for place, women in zip(places, basis, strict=True) if place > women] == []


@given(BASES, st.integers(1, 5), st.data())
def test_with_a_floor_everybody_has_it_or_all_she_could(
    basis: list[int], least: int, data: st.DataObject
) -> None:
    floors = [min(least, women) for women in basis]
    assume(sum(floors) > 0)
    total = data.draw(st.integers(sum(floors), sum(basis)))

    places = allot(basis, AllotmentRule(AllotmentMethod.FLOOR, total, least))

    assert sum(places) == total
    assert [n for n, place in enumerate(places) if not floors[n] <= place <= basis[n]] == []


@given(BASES, st.integers(1, 50))
def test_a_share_is_within_one_of_what_is_exact(basis: list[int], total: int) -> None:
    assume(total <= sum(basis))

    places = allot(basis, by_remainder(total))

    exact = [total * women / sum(basis) for women in basis]
    assert [n for n, place in enumerate(places) if abs(place - exact[n]) >= 1] == []


def test_of_equal_remainders_whoever_stands_first() -> None:
    assert allot([5, 5, 5], by_remainder(4)) == [2, 1, 1]


def test_one_for_every_full_thirty() -> None:
    assert allot([29, 30, 61, 0], AllotmentRule(AllotmentMethod.THRESHOLD, 0, 30)) == [0, 1, 2, 0]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (by_remainder(0), "quota.total_missing"),
        (by_remainder(21), "quota.more_than_women"),
        (AllotmentRule(AllotmentMethod.FLOOR, 3, 2), "quota.floor_too_high"),
        (AllotmentRule(AllotmentMethod.FLOOR, 3, 0), "quota.number_missing"),
        (AllotmentRule(AllotmentMethod.THRESHOLD, 3, 0), "quota.number_missing"),
    ],
)
def test_what_cannot_be_shared_out_is_refused(rule: AllotmentRule, code: str) -> None:
    with pytest.raises(Refused, match=code):
        allot([10, 10], rule)


@pytest.mark.parametrize(
    ("places", "found"),
    [
        ([10, 5], Adjustment(15, 0, 0)),
        ([12, 6], Adjustment(15, 3, 0)),
        ([9, 5], Adjustment(15, 0, 1)),
        ([12, 3], Adjustment(15, 2, 2)),
    ],
)
def test_changes_by_hand_are_told_apart_from_the_rule(places: list[int], found: Adjustment) -> None:
    told = adjustment([20, 10], places, by_remainder(15))

    assert (told, found.total) == (found, sum(places))


def test_figures_that_the_rule_no_longer_fits_are_not_compared() -> None:
    assert adjustment([5, 5], [8, 7], by_remainder(15)) is None
