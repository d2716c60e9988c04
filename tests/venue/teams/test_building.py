"""Teams of exactly three: by wish, mixed by department, as drawn; whoever is left over is named."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventreg.core.draws.rules import drawn
from eventreg.venue.teams.rules import BuiltTeams, TeamCandidate, TeamShape, by_wish, in_order, mixed

KITES = TeamShape(teams=10, size=3)


def people(n: int, *, departments: int = 7) -> list[TeamCandidate]:
    """They signed up in the order of their numbers."""
    return [TeamCandidate(k, k, k % departments) for k in range(1, n + 1)]


def sizes(built: BuiltTeams) -> list[int]:
    return [len(team) for team in built.teams]


def everybody(built: BuiltTeams) -> list[int]:
    return sorted([*(who for team in built.teams for who in team), *built.over])


@pytest.mark.parametrize(
    ("n", "teams", "over", "missing"),
    [
        (31, 10, 1, 0),
        (30, 10, 0, 0),
        (29, 9, 2, 1),
        (28, 9, 1, 2),
        (27, 9, 0, 3),
        (2, 0, 2, 28),
        (0, 0, 0, 30),
    ],
)
def test_teams_are_full_and_the_rest_is_named(n: int, teams: int, over: int, missing: int) -> None:
    order = [int(name) for name in drawn("5eed", [str(k) for k in range(n)], n)]
    for built in (in_order(order, KITES), mixed(people(n), KITES), by_wish(people(n), {}, KITES)):
        assert (sizes(built), len(built.over), built.missing) == ([3] * teams, over, missing)


def test_twenty_nine_and_a_substitute_are_ten_teams() -> None:
    before, after = mixed(people(29), KITES), mixed(people(30), KITES)

    assert (len(before.teams), before.over, before.missing) == (9, (28, 29), 1)
    assert (len(after.teams), after.over, after.missing) == (10, (), 0)


def test_a_draw_keeps_its_order() -> None:
    assert in_order([5, 3, 1, 4, 2, 6, 7], TeamShape(2, 3)) == BuiltTeams(((5, 3, 1), (4, 2, 6)), (7,), 0)


def test_mixed_teams_have_three_departments_where_there_are_three() -> None:
    built = mixed(people(30, departments=3), KITES)

    assert all(Counter(who % 3 for who in team) == {0: 1, 1: 1, 2: 1} for team in built.teams)


@given(st.lists(st.integers(0, 4), max_size=40), st.integers(1, 6), st.integers(1, 5))
def test_mixed_teams_differ_by_one_of_a_department_at_most(units: list[int], teams: int, size: int) -> None:
    candidates = [TeamCandidate(k, k, unit) for k, unit in enumerate(units, 1)]

    built = mixed(candidates, TeamShape(teams, size))

    counts = [Counter(units[who - 1] for who in team) for team in built.teams]
    for unit in range(5):
        of_unit = [count[unit] for count in counts] or [0]
        assert max(of_unit) - min(of_unit) <= 1
    assert everybody(built) == [one.registration_id for one in candidates]


def test_whoever_wished_for_each_other_is_together() -> None:
    built = by_wish(people(9), {1: [9], 9: [1], 2: [8], 3: [1]}, TeamShape(3, 3))

    assert {frozenset({1, 3, 9})} <= {frozenset(team) for team in built.teams}
    assert any({2, 8} <= set(team) for team in built.teams)
    assert built.unmet == ()


def test_a_wish_of_both_goes_before_a_wish_of_one() -> None:
    built = by_wish(people(6), {1: [2], 2: [3, 4], 3: [2], 4: [2]}, TeamShape(2, 3))

    assert {frozenset(team) for team in built.teams} == {frozenset({2, 3, 4}), frozenset({1, 5, 6})}
    assert built.unmet == ((1, 2),)


def test_a_group_that_fits_nowhere_is_split_and_named() -> None:
    pairs = {1: [2], 2: [1], 3: [4], 4: [3], 5: [6], 6: [5]}

    built = by_wish(people(6), pairs, TeamShape(2, 3))

    assert (sizes(built), built.unmet) == ([3, 3], ((5, 6), (6, 5)))


def test_wishes_for_oneself_or_for_somebody_elsewhere_say_nothing() -> None:
    assert by_wish(people(3), {1: [1, 77]}, TeamShape(1, 3)).unmet == ()


@given(
    st.integers(0, 20),
    st.dictionaries(st.integers(1, 20), st.sets(st.integers(1, 20), max_size=4), max_size=20),
    st.integers(1, 6),
    st.integers(1, 5),
)
def test_wishes_change_no_size_and_lose_nobody(
    n: int, wishes: dict[int, set[int]], teams: int, size: int
) -> None:
    shape = TeamShape(teams, size)

    built = by_wish(people(n), wishes, shape)

    assert sizes(built) == [size] * shape.full_teams(n)
    assert everybody(built) == list(range(1, n + 1))
    together = {(one, two) for team in built.teams for one in team for two in team}
    known = [(who, whom) for who in wishes for whom in wishes[who] if max(who, whom) <= n and who != whom]
    met = {pair for pair in known if pair in together}
    assert set(built.unmet) == {pair for pair in known if pair not in met and pair[0] not in built.over}
