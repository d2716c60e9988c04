"""The result of a walk is a function of all times that were read, in whole seconds; what is uncertain makes nobody late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventreg.campaigns.kinds.hike import Hike
from eventreg.venue.walk.rules import (
    Reading,
    Walk,
    WalkDoubt,
    WalkNoteKind,
    WalkQuestion,
    WalkResult,
    WalkStanding,
    result_of,
)

from .walk_model import ModelReading, outcome

TEN = datetime(2027, 3, 4, 10, tzinfo=UTC)
HIKE = Hike(limit_min=30)
CLOCK = WalkDoubt.CLOCK


def at(text: str) -> datetime:
    """10:27:00.9 as an instant of the day."""
    clock, _dot, tenths = text.partition(".")
    parts = [int(part) for part in clock.split(":")]
    hour, minute, second = (*parts, 0)[:3]
    return TEN.replace(hour=hour, minute=minute, second=second, microsecond=int(tenths or 0) * 100_000)


def read(*texts: str) -> frozenset[Reading]:
    """Readings; a question mark stands for a doubtful clock."""
    return frozenset(Reading(at(text.rstrip("?")), CLOCK if text.endswith("?") else None) for text in texts)


def came_to(walk: Walk) -> tuple[str, int | None, WalkQuestion | None]:
    result = result_of(walk, HIKE)
    assert result is not None
    return str(result.standing), result.elapsed_s, result.asked


@pytest.mark.parametrize(
    ("finish", "expected"),
    [
        ("10:29:59", ("in_time", 1799, None)),
        ("10:30", ("in_time", 1800, None)),
        ("10:30:00.9", ("in_time", 1800, None)),
        ("10:30:01", ("late", 1801, None)),
        ("10:30:01.9", ("late", 1801, None)),
    ],
)
def test_seconds_are_cut_off_and_thirty_minutes_are_in_time(
    finish: str, expected: tuple[str, int, None]
) -> None:
    assert came_to(Walk(read("10:00"), read(finish))) == expected


def test_with_a_mass_start_the_finish_is_the_earliest_reading_after_it() -> None:
    walk = Walk(read("9:52", "10:01"), read("9:55", "10:27"), mass=at("10:00"))

    assert result_of(walk, HIKE) == WalkResult(
        WalkStanding.IN_TIME, at("10:00"), at("10:27"), 27 * 60, off_again=None
    )


@pytest.mark.parametrize(
    ("starts", "finishes", "expected"),
    [
        (["9:52", "10:01"], ["10:27"], ("asked", None, WalkQuestion.SEVERAL_STARTS)),
        (["9:58", "10:01"], ["10:27"], ("in_time", 29 * 60, None)),
        (["9:40", "9:50"], ["10:27"], ("late", 47 * 60, None)),
        (["10:01"], ["9:55"], ("not_back", None, None)),
        (["10:01"], [], ("not_back", None, None)),
        ([], ["10:27"], ("asked", None, WalkQuestion.NO_START)),
        (["9:40", "10:20"], ["10:05"], ("in_time", 25 * 60, None)),
        (["10:00"], ["10:00"], ("not_back", None, None)),
        (["9:40"], ["10:00", "10:05"], ("in_time", 20 * 60, None)),
    ],
)
def test_without_one_several_starts_are_asked_only_where_they_decide_differently(
    starts: list[str], finishes: list[str], expected: tuple[str, int | None, WalkQuestion | None]
) -> None:
    assert came_to(Walk(read(*starts), read(*finishes))) == expected


@pytest.mark.parametrize(
    ("starts", "finishes", "expected"),
    [
        (["10:00"], ["10:40?"], ("asked", None, WalkQuestion.CLOCK)),
        (["10:00?"], ["10:40"], ("asked", None, WalkQuestion.CLOCK)),
        (["10:00"], ["10:40?", "10:41"], ("late", 40 * 60, None)),
        (["10:00"], ["10:20?"], ("in_time", 20 * 60, None)),
        (["10:00"], ["10:20?", "10:40"], ("in_time", 20 * 60, None)),
    ],
)
def test_a_doubtful_time_makes_nobody_late_by_itself(
    starts: list[str], finishes: list[str], expected: tuple[str, int | None, WalkQuestion | None]
) -> None:
    assert came_to(Walk(read(*starts), read(*finishes))) == expected


@pytest.mark.parametrize(
    ("walk", "expected"),
    [
        (Walk(read("10:00"), read("10:20"), note=WalkNoteKind.VEHICLE), ("vehicle", 20 * 60, None)),
        (Walk(read("10:00"), note=WalkNoteKind.GAVE_UP), ("left", None, None)),
        (Walk(note=WalkNoteKind.BACK_OTHERWISE), ("left", None, None)),
        (Walk(read("10:00"), gone=True), ("left", None, None)),
        (Walk(read("10:00"), read("10:31"), gone=True), ("late", 31 * 60, None)),
    ],
)
def test_a_note_decides_and_whoever_was_taken_out_is_not_awaited(
    walk: Walk, expected: tuple[str, int | None, None]
) -> None:
    assert came_to(walk) == expected


def test_somebody_who_did_not_start_has_no_result() -> None:
    assert result_of(Walk(), HIKE) is None


@pytest.mark.parametrize(
    ("walk", "now", "overdue"),
    [
        (Walk(read("10:00")), "10:30:00.9", False),
        (Walk(read("10:00")), "10:30:01", True),
        (Walk(mass=at("10:00")), "10:31", True),
        (Walk(read("9:40", "10:20"), read("10:05")), "10:49", False),
        (Walk(read("9:40", "10:20"), read("10:05")), "10:51", True),
        (Walk(read("10:00"), read("10:20")), "11:00", False),
        (Walk(read("10:00"), note=WalkNoteKind.GAVE_UP), "11:00", False),
    ],
)
def test_whoever_is_out_for_longer_than_the_limit_is_overdue(walk: Walk, now: str, overdue: bool) -> None:
    result = result_of(walk, HIKE)

    assert result is not None
    assert result.overdue(HIKE, now=at(now)) is overdue


READINGS = st.lists(
    st.builds(ModelReading, st.integers(0, 600).map(lambda n: n * 97), st.booleans()), max_size=5
)


@given(READINGS, READINGS, st.none() | st.integers(0, 60_000))
def test_every_result_is_that_of_the_model(
    starts: list[ModelReading], finishes: list[ModelReading], mass: int | None
) -> None:
    def instant(tenths: int) -> datetime:
        return TEN + tenths * timedelta(milliseconds=100)

    def readings(some: list[ModelReading]) -> frozenset[Reading]:
        return frozenset(Reading(instant(one.at), CLOCK if one.doubt else None) for one in some)

    walk = Walk(readings(starts), readings(finishes), mass=None if mass is None else instant(mass))
    result = result_of(walk, HIKE)

    ours = ("nothing", None) if result is None else (str(result.standing), result.elapsed_s)
    assert ours == outcome(starts, finishes, mass, 1800)
