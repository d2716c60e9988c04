"""The results of a hike, from everything that was read, in whatever order it arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventreg.venue.walk.bursts import ScanFacts, TapFacts
from eventreg.venue.walk.day import TimeFixFacts, WalkDay, results_of
from eventreg.venue.walk.rules import WalkNoteKind

from .test_walk_rules import HIKE, TEN, at

ADA, BO, CHEN = 1, 2, 3
PHONES = {"door": 5, "start": 6, "finish": 7}
EVE = timedelta(days=1)


def scan(
    who: int, point: str, text: str, *, refused: bool = False, earlier: timedelta = timedelta()
) -> ScanFacts:
    when = at(text) - earlier
    id_ = int(when.timestamp()) * 10 + who
    return ScanFacts(id_, PHONES[point], point, who, when, refused=refused)


def tap(text: str) -> TapFacts:
    return TapFacts(int(at(text).timestamp()), PHONES["finish"], "finish", at(text))


def fix(who: int, point: str, text: str | None, *, made: str, id_: int = 1) -> TimeFixFacts:
    return TimeFixFacts(id_, who, point, at(text) if text else None, at(made))


def day(
    scans: Sequence[ScanFacts], taps: Sequence[TapFacts] = (), *, mass: str | None = None, **more: object
) -> WalkDay:
    since = TEN.replace(hour=0)
    hike = WalkDay(
        frozenset({"start"}),
        frozenset({"finish"}),
        since,
        since + timedelta(days=1),
        scans,
        taps,
        mass=at(mass) if mass else None,
    )
    return replace(hike, **more)  # type: ignore[arg-type]


def told(hike: WalkDay) -> dict[int, tuple[str, int | None]]:
    return {id_: (str(one.standing), one.elapsed_s) for id_, one in results_of(hike, HIKE).items()}


def test_a_tap_is_the_time_of_the_person_who_is_scanned_after_it() -> None:
    hike = day(
        [scan(ADA, "finish", "10:31"), scan(BO, "finish", "10:31:20")],
        [tap("10:29"), tap("10:30:05")],
        mass="10:00",
    )

    assert told(hike) == {ADA: ("in_time", 29 * 60), BO: ("late", 30 * 60 + 5)}


def test_a_burst_whose_numbers_differ_makes_nobody_late() -> None:
    named = [scan(ADA, "finish", "10:29:50"), scan(BO, "finish", "10:31:20")]

    assert told(day(named, [tap("10:29"), tap("10:29:10"), tap("10:29:20")], mass="10:00")) == {
        ADA: ("in_time", 29 * 60 + 50),
        BO: ("asked", None),
    }


def test_a_tap_before_the_start_is_not_the_finish_of_whoever_is_scanned_after_it() -> None:
    hike = day(
        [scan(ADA, "finish", "10:40"), scan(BO, "finish", "10:20")], [tap("9:50"), tap("9:51")], mass="10:00"
    )

    assert told(hike) == {BO: ("in_time", 20 * 60), ADA: ("asked", None)}


@pytest.mark.parametrize(
    ("scans", "expected"),
    [
        ([scan(ADA, "door", "9:30")], {ADA: ("not_back", None)}),
        ([scan(ADA, "door", "10:40")], {}),
        ([scan(ADA, "start", "10:05")], {ADA: ("not_back", None)}),
        ([scan(ADA, "finish", "10:20")], {ADA: ("in_time", 1200)}),
        ([scan(ADA, "finish", "9:55")], {ADA: ("not_back", None)}),
        ([scan(ADA, "door", "9:30", refused=True)], {}),
    ],
)
def test_in_a_mass_start_is_whoever_had_come_or_was_read_on_the_way(
    scans: list[ScanFacts], expected: dict[int, tuple[str, int | None]]
) -> None:
    assert told(day(scans, mass="10:00")) == expected


def test_without_a_mass_start_the_door_starts_nobody() -> None:
    assert told(day([scan(ADA, "door", "9:30"), scan(BO, "start", "9:40")])) == {BO: ("not_back", None)}


def test_what_was_read_on_an_earlier_day_decides_nothing_once_the_day_has_readings() -> None:
    tried = [scan(ADA, "start", "9:00", earlier=EVE), scan(ADA, "finish", "9:10", earlier=EVE)]

    assert told(day(tried)) == {ADA: ("in_time", 600)}
    assert told(day([*tried, scan(BO, "door", "9:30")])) == {}
    assert told(day([*tried, scan(ADA, "finish", "10:20")])) == {ADA: ("asked", None)}


@pytest.mark.parametrize(
    ("fixes", "expected"),
    [
        ([fix(ADA, "start", "10:05", made="11:00")], ("in_time", 1500)),
        ([fix(ADA, "finish", "10:25", made="11:00")], ("in_time", 1800 - 300)),
        ([fix(ADA, "finish", None, made="10:35")], ("late", 2400)),
        ([fix(ADA, "finish", None, made="11:00")], ("not_back", None)),
        (
            [fix(ADA, "finish", "10:31", made="11:00"), fix(ADA, "finish", None, made="10:29", id_=2)],
            ("late", 1860),
        ),
    ],
)
def test_the_correction_that_was_made_last_holds(
    fixes: list[TimeFixFacts], expected: tuple[str, int | None]
) -> None:
    scans = [scan(ADA, "start", "9:50"), scan(ADA, "finish", "10:30"), scan(ADA, "finish", "10:40")]

    assert told(day(scans, mass="10:00", fixes=fixes)) == {ADA: expected}


def test_a_start_that_is_entered_later_gives_a_finish_without_one_its_time() -> None:
    scans = [scan(ADA, "finish", "10:20")]

    assert told(day(scans)) == {ADA: ("asked", None)}
    assert told(day(scans, fixes=[fix(ADA, "start", "10:00", made="11:00")])) == {ADA: ("in_time", 1200)}


def test_whoever_a_phone_let_through_is_not_back_until_they_are_seen() -> None:
    hike = day([], let_in={ADA: at("9:50")})

    assert told(hike) == {ADA: ("not_back", None)}
    assert told(replace(hike, scans=[scan(ADA, "finish", "10:10", refused=True)])) == {ADA: ("in_time", 1200)}


def test_notes_and_people_who_were_taken_out() -> None:
    scans = [scan(who, "start", "10:00") for who in (ADA, BO, CHEN)]
    hike = day(scans, notes={ADA: WalkNoteKind.VEHICLE}, gone={BO: at("10:10")})

    assert told(hike) == {ADA: ("vehicle", None), BO: ("left", None), CHEN: ("not_back", None)}


def test_whoever_was_taken_out_before_the_start_did_not_walk() -> None:
    scans = [scan(ADA, "door", "9:30"), scan(BO, "door", "9:30")]
    hike = day(scans, mass="10:00", gone={ADA: at("9:58"), BO: at("10:10")})

    assert told(hike) == {BO: ("left", None)}


POINTS = st.sampled_from(["door", "start", "finish"])
SCANS = st.lists(st.tuples(st.sampled_from([ADA, BO, CHEN]), POINTS, st.integers(0, 240)), max_size=14)
TAPS = st.lists(st.integers(0, 240), max_size=8)
FIXES = st.lists(st.tuples(st.sampled_from([ADA, BO]), POINTS, st.none() | st.integers(0, 240)), max_size=3)


@given(SCANS, TAPS, FIXES, st.none() | st.integers(0, 240), st.randoms(use_true_random=False))
def test_results_are_equal_for_every_order_of_arrival(
    scans: list[tuple[int, str, int]],
    taps: list[int],
    fixes: list[tuple[int, str, int | None]],
    mass: int | None,
    chance: Random,
) -> None:
    def instant(n: int) -> datetime:
        return TEN.replace(hour=8) + n * timedelta(seconds=30)

    read = [ScanFacts(n, PHONES[point], point, who, instant(t)) for n, (who, point, t) in enumerate(scans)]
    tapped = [TapFacts(n, PHONES["finish"], "finish", instant(t)) for n, t in enumerate(taps)]
    fixed = [
        TimeFixFacts(n, who, point, None if t is None else instant(t), instant(120 + n))
        for n, (who, point, t) in enumerate(fixes)
    ]
    hike = replace(day(read, tapped, fixes=fixed), mass=None if mass is None else instant(mass))
    mixed = replace(
        hike,
        scans=chance.sample(read, len(read)),
        taps=chance.sample(tapped, len(tapped)),
        fixes=chance.sample(fixed, len(fixed)),
    )

    assert results_of(mixed, HIKE) == results_of(hike, HIKE)
