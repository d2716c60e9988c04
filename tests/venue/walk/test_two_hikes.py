"""A campaign with two hikes: what was read and corrected of one decides nothing about the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from eventreg.campaigns.kinds.hike import Hike
from eventreg.venue.walk.bursts import ScanFacts, TapFacts
from eventreg.venue.walk.day import TimeFixFacts, WalkDay, list_bursts, results_of
from eventreg.venue.walk.rules import WalkStanding

TEN = datetime(2027, 3, 11, 2, tzinfo=UTC)
DAY, WEEK, MINUTE = timedelta(days=1), timedelta(days=7), timedelta(minutes=1)
HIKE = Hike(distance_m=3000, limit_min=30)
SECOND = WalkDay(
    starts=frozenset({"start"}),
    finishes=frozenset({"finish"}),
    since=TEN - 10 * DAY / 24,
    until=TEN + 14 * DAY / 24,
    scans=(ScanFacts(1, 1, "start", 5, TEN), ScanFacts(2, 2, "finish", 5, TEN + 25 * MINUTE)),
)


def test_a_corrected_time_of_the_first_hike_does_not_hide_the_second() -> None:
    first = [
        TimeFixFacts(1, 5, "start", TEN - WEEK, TEN - WEEK + DAY / 8),
        TimeFixFacts(2, 5, "finish", TEN - WEEK + 28 * MINUTE, TEN - WEEK + DAY / 8),
        TimeFixFacts(3, 6, "start", TEN - WEEK, TEN - WEEK + DAY / 8),
    ]

    found = results_of(replace(SECOND, fixes=first), HIKE)

    assert {id_: (one.standing, one.elapsed_s) for id_, one in found.items()} == {
        5: (WalkStanding.IN_TIME, 25 * 60)
    }


def test_a_tap_at_another_finish_is_not_asked_about() -> None:
    other = TapFacts(9, 3, "finish-2", TEN + 20 * MINUTE)

    assert [burst.asked for burst in list_bursts(replace(SECOND, taps=[other]))] == [False]
