"""Results of a hike from scans and taps as phones send them, in whatever order, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from flask import Flask

from eventreg.core.db.session import unit_of_work
from eventreg.venue.walk import corrections, crossings, results
from eventreg.venue.walk.day import list_bursts
from eventreg.venue.walk.rules import WalkNoteKind

from .hillside import NOON, clock, hillside


def test_two_phones_read_one_ticket_and_the_earlier_time_stands_whichever_sends_first(app: Flask) -> None:
    hill = hillside(app)
    hill.sign_up("A1")
    hill.scan("A1", "start", "9:40")

    hill.scan("A1", "finish", "10:05", phone="second", received=clock("10:06"))
    hill.scan("A1", "finish", "10:00", phone="first", received=clock("11:00"))

    assert hill.told() == {"A1": ("in_time", 20 * 60)}


def test_the_issue_s_example_of_a_mass_start(app: Flask) -> None:
    hill = hillside(app)
    hill.sign_up("A1")
    for point, at in (("start", "9:52"), ("start", "10:01"), ("finish", "9:55"), ("finish", "10:27")):
        hill.scan("A1", point, at)
    before = hill.told()

    hill.start("10:00")

    assert before == {"A1": ("in_time", 3 * 60)}
    assert hill.told() == {"A1": ("in_time", 27 * 60)}


@pytest.mark.parametrize("seed", range(4))
def test_results_are_equal_whatever_arrives_first(app: Flask, seed: int) -> None:
    hill = hillside(app)
    hill.sign_up("A1", "B2", "C3", "D4")
    acts: list[Callable[[], object]] = [
        lambda: hill.scan("A1", "start", "9:40", received=clock("10:00")),
        lambda: hill.scan("A1", "finish", "10:31", received=clock("10:40")),
        lambda: hill.tap("10:09", "10:09:02", "10:09:30"),
        lambda: hill.scan("B2", "finish", "10:10"),
        lambda: hill.scan("C3", "finish", "10:11"),
        lambda: hill.scan("D4", "finish", "10:12"),
        lambda: hill.scan("B2", "start", "9:38:58"),
        lambda: hill.scan("C3", "start", "9:38:00"),
        lambda: hill.scan("D4", "finish", "10:00", phone="other"),
    ]
    Random(seed).shuffle(acts)

    for act in acts:
        act()

    assert hill.told() == {
        "A1": ("late", 51 * 60),
        "B2": ("late", 30 * 60 + 2),
        "C3": ("late", 31 * 60 + 2),
        "D4": ("asked", None),
    }


def test_thirty_who_cross_at_one_phone_within_ten_seconds_are_each_timed(app: Flask) -> None:
    hill = hillside(app, capacity=30, extra=30)
    people = [f"X{n:04d}" for n in range(1, 31)]
    hill.sign_up(*people)
    hill.start("10:00")
    crossed = [clock("10:29:50") + n * timedelta(seconds=1 / 3) for n in range(30)]

    hill.tap(*(f"10:29:{50 + n / 3}" for n in range(30)))
    for n, who in enumerate(people):
        hill.scan(who, "finish", f"10:30:{10 + 8 * n}" if n < 6 else f"10:{31 + n // 8}:{n % 8 * 7}")

    timed = {line.staff_no: line.result.finish or NOON for line in hill.results().lines}
    assert all(abs(timed[who] - crossed[n]) < timedelta(seconds=1) for n, who in enumerate(people))
    assert {standing for standing, _seconds in hill.told().values()} == {"in_time"}


def test_control_without_taps_the_same_thirty_are_late(app: Flask) -> None:
    hill = hillside(app, capacity=30, extra=30)
    people = [f"X{n:04d}" for n in range(1, 31)]
    hill.sign_up(*people)
    hill.start("10:00")

    for n, who in enumerate(people):
        hill.scan(who, "finish", f"10:30:{10 + 8 * n}" if n < 6 else f"10:{31 + n // 8}:{n % 8 * 7}")

    assert {standing for standing, _seconds in hill.told().values()} == {"late"}


def test_a_tap_that_is_nobody_s_is_struck_out_and_the_rest_matched_anew(app: Flask) -> None:
    hill = hillside(app)
    hill.sign_up("A1", "B2", "C3")
    hill.start("10:00")
    hill.tap("10:20", "10:21", "10:22", "10:40")
    for who, at in (("A1", "10:41"), ("B2", "10:42"), ("C3", "10:43")):
        hill.scan(who, "finish", at)
    before = hill.told()
    [burst] = list_bursts(hill.results().day)

    with app.app_context():
        for _twice in range(2):
            with unit_of_work():
                crossings.strike(
                    burst.taps[1].id, hill.stage.campaign_id, "没有人", actor=hill.organiser(NOON)
                )

    assert burst.asked
    assert before == dict.fromkeys(("A1", "B2", "C3"), ("asked", None))
    assert hill.told() == {"A1": ("in_time", 1200), "B2": ("in_time", 1320), "C3": ("late", 2400)}


def test_a_tap_that_was_forgotten_is_added(app: Flask) -> None:
    hill = hillside(app)
    hill.sign_up("A1", "B2", "C3")
    hill.start("10:00")
    hill.tap("10:20", "10:40")
    for who, at in (("A1", "10:41"), ("B2", "10:42"), ("C3", "10:43")):
        hill.scan(who, "finish", at)
    before = hill.told()
    [burst] = list_bursts(hill.results().day)

    with app.app_context(), unit_of_work():
        crossings.add(
            burst.taps[0].id, hill.stage.campaign_id, clock("10:21"), "漏按", actor=hill.organiser(NOON)
        )

    assert {standing for standing, _seconds in before.values()} == {"asked"}
    assert hill.told() == {"A1": ("in_time", 1200), "B2": ("in_time", 1260), "C3": ("late", 2400)}


def test_taps_are_stored_once_and_what_is_unknown_is_refused_for_its_own_nonce(app: Flask) -> None:
    hill = hillside(app)
    device = hill.phone("finish").device_id
    taps = [
        crossings.Tap("a", "finish", clock("10:20"), NOON),
        crossings.Tap("b", "bus", clock("10:20"), NOON),
        crossings.Tap("c", "door", clock("10:20"), NOON),
        crossings.Tap("a", "finish", clock("10:59"), NOON),
    ]

    with app.app_context():
        answers = []
        for _twice in range(2):
            with unit_of_work():
                answers.append(
                    crossings.record(taps, device_id=device, campaign_id=hill.stage.campaign_id, now=NOON)
                )

    assert answers == [{"a": None, "b": "tap.check_point", "c": "tap.check_point"}] * 2
    assert [tap.at for tap in hill.results().day.taps] == [clock("10:20")]


def test_a_tap_of_a_file_is_corrected_by_the_offset_that_the_phone_knew(app: Flask) -> None:
    hill = hillside(app)
    three_hours, device = timedelta(hours=3), hill.phone("finish").device_id
    tap = crossings.Tap("a", "finish", clock("10:05") + three_hours, None, offset_ms=-3 * 3_600_000)

    with app.app_context(), unit_of_work():
        crossings.record(
            [tap],
            device_id=device,
            campaign_id=hill.stage.campaign_id,
            now=clock("18:00"),
        )

    [stored] = hill.results().day.taps
    assert stored.at == clock("10:05")
    assert not stored.doubt


def test_a_clock_that_was_set_between_tap_and_sending_makes_nobody_late(app: Flask) -> None:
    hill = hillside(app)
    hill.sign_up("A1", "B2")
    hill.start("10:00")
    device = hill.phone("finish").device_id
    set_later = crossings.Tap("a", "finish", clock("9:45"), clock("12:00"), offset_ms=3_600_000)
    kept = crossings.Tap("b", "finish", clock("9:50"), clock("11:00"), offset_ms=3_600_000)

    with app.app_context(), unit_of_work():
        crossings.record([set_later, kept], device_id=device, campaign_id=hill.stage.campaign_id, now=NOON)

    assert [(tap.at, tap.doubt) for tap in hill.results().day.taps] == [
        (clock("9:45"), True),
        (clock("10:50"), False),
    ]


def test_who_owes_a_forfeit_is_late_by_certain_times_only(app: Flask) -> None:
    hill = hillside(app)
    hill.sign_up("A1", "B2", "C3")
    hill.start("10:00")
    for who, at in (("A1", "10:45"), ("B2", "10:31"), ("C3", "10:29")):
        hill.scan(who, "finish", at)
    vehicle, hike = hill.registration("C3"), hill.hike()
    with app.app_context(), unit_of_work():
        corrections.note(
            hike, hill.stage.campaign_id, vehicle, WalkNoteKind.VEHICLE, "", actor=hill.organiser(NOON)
        )

    with app.app_context():
        late = results.late_registration_ids(hill.stage.campaign_id, hike.id)

    assert late == [hill.registration("B2"), hill.registration("A1")]
    assert hill.told()["C3"] == ("vehicle", 29 * 60)
