"""Which teams perform under each reading of 或者, and what is asked before that is known (plan P8)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventreg.venue.teams.performing import (
    FlightFacts,
    FlightFault,
    Performers,
    equal_heights,
    find_faults,
    performers,
)
from eventreg.venue.teams.rules import TeamShape

KITES = TeamShape(teams=10, size=3)
READINGS = ("never_flown", "lowest", "either")


FLEW, NEVER, OPEN = "flew", "never", "open"


def flights(*noted: int | str) -> list[FlightFacts]:
    """Teams 1, 2, ...: the rank of each, or FLEW without a rank, NEVER, or OPEN for nothing noted."""
    return [_flight(team, it) for team, it in enumerate(noted, 1)]


def _flight(team: int, noted: int | str) -> FlightFacts:
    if isinstance(noted, int):
        return FlightFacts(team, flown=True, rank=noted)
    return FlightFacts(team, flown={FLEW: True, NEVER: False}.get(noted))


@pytest.mark.parametrize(
    ("reading", "noted", "perform"),
    [
        ("never_flown", (1, NEVER, 2, NEVER), (2, 4)),
        ("never_flown", (1, 2, 3), ()),
        ("never_flown", (FLEW, NEVER, FLEW), (2,)),
        ("lowest", (1, NEVER, 2, 3), (4,)),
        ("lowest", (1, 3, 3, NEVER), (2, 3)),
        ("lowest", (FLEW, NEVER), (1,)),
        ("either", (1, NEVER, 2, 3), (2, 4)),
        ("either", (2, 1, 2), (1, 3)),
        *((reading, (NEVER, NEVER, NEVER), (1, 2, 3)) for reading in READINGS),
        *((reading, (), ()) for reading in READINGS),
    ],
)
def test_who_performs(reading: str, noted: tuple[int | str, ...], perform: tuple[int, ...]) -> None:
    assert performers(flights(*noted), reading) == Performers(perform)


@pytest.mark.parametrize(
    ("reading", "noted", "sure", "flown_unknown", "rank_unknown"),
    [
        ("never_flown", (OPEN, NEVER, 1), (2,), (1,), ()),
        ("lowest", (1, FLEW, FLEW), (), (), (2, 3)),
        ("lowest", (1, OPEN, NEVER), (), (2,), ()),
        ("either", (1, FLEW, NEVER), (3,), (), (2,)),
        ("either", (OPEN, OPEN), (), (1, 2), ()),
        ("lowest", (FLEW, OPEN), (), (2,), (1,)),
    ],
)
def test_what_is_not_known_is_asked(
    reading: str,
    noted: tuple[int | str, ...],
    sure: tuple[int, ...],
    flown_unknown: tuple[int, ...],
    rank_unknown: tuple[int, ...],
) -> None:
    found = performers(flights(*noted), reading)

    assert found == Performers(sure, flown_unknown, rank_unknown)
    assert not found.complete


@given(st.lists(st.sampled_from([1, 2, 3, FLEW, NEVER, OPEN]), max_size=8), st.sampled_from(READINGS))
def test_whoever_surely_performs_still_does_when_the_rest_is_known(
    noted: list[int | str], reading: str
) -> None:
    sure = performers(flights(*noted), reading).teams
    for missing in (NEVER, 9):
        known = [9 if it == FLEW else missing if it == OPEN else it for it in noted]
        assert set(sure) <= set(performers(flights(*known), reading).teams)


def faults(noted: list[FlightFacts], *equal: tuple[int, ...]) -> list[tuple[int, str]]:
    return [(fault.team, fault.code) for fault in find_faults(noted, KITES, equal=equal)]


def test_a_rank_for_a_team_that_did_not_fly_is_a_fault() -> None:
    assert faults([FlightFacts(1, flown=False, rank=1), FlightFacts(2, rank=2)]) == [
        (1, "height.rank_not_flown"),
        (2, "height.rank_before_flown"),
    ]


@pytest.mark.parametrize("rank", [0, -1, 11])
def test_a_rank_that_cannot_be_is_a_fault(rank: int) -> None:
    assert find_faults([FlightFacts(1, flown=True, rank=rank)], KITES) == [
        FlightFault(1, "height.rank_range", {"most": 10})
    ]


def test_a_rank_twice_is_asked_until_it_is_confirmed_for_these_teams() -> None:
    noted = flights(1, 2, 2, NEVER)

    assert equal_heights(noted) == [(2, (2, 3))]
    assert faults(noted) == [(2, "height.equal_height"), (3, "height.equal_height")]
    assert faults(noted, (2, 3)) == []
    assert faults(flights(2, 2, 2, NEVER), (2, 3)) == [(team, "height.equal_height") for team in (1, 2, 3)]


def test_ranks_may_leave_gaps_and_stay_open() -> None:
    assert faults(flights(1, 2, 4, FLEW, NEVER, OPEN)) == []
