"""Kinds of activity: bounds of their parameters, and what they decide."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventreg.campaigns.kinds import Contest, Hike, parameters_of
from eventreg.campaigns.kinds.contest import places
from eventreg.campaigns.kinds.hike import is_late
from eventreg.core.errors import Refused


def test_the_plans_hike_and_contest_are_the_defaults() -> None:
    assert parameters_of("hike", {}) == Hike(distance_m=1500, limit_min=30)
    assert parameters_of("contest", {}) == Contest(teams=10, team_size=3, limit_min=30, performs="either")


def test_ten_teams_of_three_are_the_thirty_places() -> None:
    assert places(Contest()) == 30


@pytest.mark.parametrize(("seconds", "late"), [(1799, False), (1800, False), (1801, True)])
def test_exactly_thirty_minutes_is_in_time(seconds: int, late: bool) -> None:
    assert is_late(Hike(), timedelta(seconds=seconds)) is late


@pytest.mark.parametrize(
    ("kind", "stored", "code"),
    [
        ("swim", {}, "kind.unknown"),
        ("hike", {"speed": 3}, "kind.parameter_unknown"),
        ("hike", {"limit_min": 0}, "kind.out_of_bounds"),
        ("hike", {"distance_m": True}, "kind.out_of_bounds"),
        ("contest", {"performs": "nobody"}, "kind.out_of_bounds"),
        ("contest", {"teams": "10"}, "kind.out_of_bounds"),
    ],
)
def test_parameters_out_of_bounds_are_refused(kind: str, stored: dict[str, object], code: str) -> None:
    with pytest.raises(Refused, match=code):
        parameters_of(kind, stored)
