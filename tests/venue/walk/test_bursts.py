"""Taps and scans of one phone are matched in order; where their numbers differ nobody's time moves to another person."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from eventreg.venue.walk.bursts import Burst, ScanFacts, TapFacts, bursts_of

from .test_walk_rules import TEN

PHONE, FINISH = 7, "finish"


def tap(id_: int, seconds: float) -> TapFacts:
    return TapFacts(id_, PHONE, FINISH, TEN + timedelta(seconds=seconds))


def scan(id_: int, who: int, seconds: float) -> ScanFacts:
    return ScanFacts(id_, PHONE, FINISH, who, TEN + timedelta(seconds=seconds))


def taps(n: int, *, first: float = 0, every: float = 1) -> list[TapFacts]:
    return [tap(i, first + i * every) for i in range(n)]


def scans(n: int, *, first: float = 30, every: float = 5) -> list[ScanFacts]:
    return [scan(i, 100 + i, first + i * every) for i in range(n)]


def matched(bursts: list[Burst]) -> dict[int, datetime]:
    """The time of each person who has a tap."""
    pairs = (pair for burst in bursts if burst.even for pair in zip(burst.taps, burst.scans, strict=True))
    return {scan.registration_id: tap.at for tap, scan in pairs}


def test_thirty_who_cross_within_ten_seconds_have_their_own_second() -> None:
    crossed = taps(30, every=1 / 3)

    found = bursts_of(crossed, scans(30))

    assert matched(found) == {100 + i: crossed[i].at for i in range(30)}


def test_a_tap_while_others_are_still_scanned_is_matched_in_order() -> None:
    found = bursts_of([tap(1, 0), tap(2, 1), tap(3, 12)], [scan(1, 11, 10), scan(2, 22, 15), scan(3, 33, 20)])

    assert matched(found) == {11: TEN, 22: TEN + timedelta(seconds=1), 33: TEN + timedelta(seconds=12)}


def test_ten_taps_and_nine_people_are_asked_and_after_a_tap_is_struck_matched_anew() -> None:
    crossed, named = taps(10), scans(9)

    before = bursts_of(crossed, named)
    after = bursts_of(crossed[:3] + crossed[4:], named)

    assert [burst.asked for burst in before] == [True]
    assert matched(before) == {}
    assert matched(after) == {100 + i: crossed[i if i < 3 else i + 1].at for i in range(9)}


def test_nine_taps_and_ten_people_are_asked_too() -> None:
    found = bursts_of(taps(9), scans(10))

    assert [burst.asked for burst in found] == [True]
    assert matched(found) == {}


def test_a_later_burst_is_not_drawn_in() -> None:
    later = taps(2, first=400)[1:]

    found = bursts_of([*taps(9), *later], [*scans(10), scan(20, 200, 410)])

    assert [burst.asked for burst in found] == [True, False]


def test_a_person_without_a_tap_long_after_a_burst_is_a_scan_by_itself() -> None:
    found = bursts_of([tap(1, 0)], [scan(1, 11, 3), scan(2, 22, 600)])

    assert [(len(burst.taps), len(burst.scans)) for burst in found] == [(1, 1), (0, 1)]


def test_a_ticket_that_is_read_twice_takes_no_second_tap() -> None:
    found = bursts_of(taps(2), [scan(1, 11, 10), scan(2, 11, 11), scan(3, 22, 15), scan(4, 22, 16)])

    assert matched(found) == {11: TEN, 22: TEN + timedelta(seconds=1)}


EVENTS = st.lists(st.tuples(st.booleans(), st.integers(1, 6), st.integers(0, 60)), max_size=14)


@given(EVENTS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter_and_every_tap_has_one_person(
    events: list[tuple[bool, int, int]], chance: Random
) -> None:
    some = [tap(n, 20 * at) for n, (is_tap, _who, at) in enumerate(events) if is_tap]
    named = [scan(n, who, 20 * at) for n, (is_tap, who, at) in enumerate(events) if not is_tap]
    mixed, mixed_named = chance.sample(some, len(some)), chance.sample(named, len(named))

    found = bursts_of(some, named)

    assert bursts_of(mixed, mixed_named) == found
    assert sorted(tap.id for burst in found for tap in burst.taps) == [tap.id for tap in some]
    assert sorted(one.id for burst in found for one in (*burst.scans, *burst.repeats)) == [
        one.id for one in named
    ]
    assert all(
        tap.at <= scan.at
        for burst in found
        if burst.even
        for tap, scan in zip(burst.taps, burst.scans, strict=True)
    )
