"""The start of everybody at once, corrections with a reason, and declaring what was scanned a try."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask

from eventreg.campaigns import service as campaigns
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.registrations import service as registrations
from eventreg.venue import attendance, presence, roll_call
from eventreg.venue.walk import corrections, starts
from eventreg.venue.walk.models import MassStart
from eventreg.venue.walk.rules import WalkNoteKind
from tests.rig import cast, sight
from tests.rig.at_once import run_at_once
from tests.rig.cast import DAY
from tests.rig.plans import HOUR, facts

from .hillside import NOON, TEN, Hillside, clock, hillside


@pytest.fixture
def hill(app: Flask) -> Hillside:
    """A1 was read at the start at 9:50 and at the finish at 10:25, B2 at the door."""
    hill = hillside(app)
    hill.sign_up("A1", "B2")
    hill.scan("A1", "start", "9:50")
    hill.scan("A1", "finish", "10:25")
    hill.scan("B2", "door", "9:30")
    return hill


def test_a_start_that_is_pressed_twice_is_the_first_one(hill: Hillside) -> None:
    assert [hill.start("10:00"), hill.start("10:00:04")] == [TEN, TEN]
    assert hill.results().day.mass == TEN


@pytest.mark.race
def test_two_organisers_who_press_at_once_start_once(hill: Hillside) -> None:
    found: list[datetime] = []

    run_at_once(
        hill.app, lambda: found.append(hill.start("10:00")), lambda: found.append(hill.start("10:00:01"))
    )

    assert found == [hill.results().day.mass] * 2
    assert sight.count(hill.app, MassStart) == 1


@pytest.mark.race
def test_control_that_reads_before_the_lock_starts_twice(
    hill: Hillside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starts, "find_mass_start", lambda _activity_id: None)

    run_at_once(hill.app, lambda: hill.start("10:00"), lambda: hill.start("10:00:01"))

    assert sight.count(hill.app, MassStart) == 2


def test_a_start_is_taken_back_and_pressed_anew_or_entered_later(hill: Hillside) -> None:
    hike = hill.hike()
    with hill.app.app_context():
        hill.start("9:58")
        for _twice in range(2):
            with unit_of_work():
                starts.undo_start(hike, hill.stage.campaign_id, actor=hill.organiser(TEN))
        before = hill.told()
        with unit_of_work():
            starts.start(hike, hill.stage.campaign_id, at=clock("9:59:30"), actor=hill.organiser(NOON))
        with pytest.raises(Refused, match="mass_start.pressed"), unit_of_work():
            starts.start(hike, hill.stage.campaign_id, at=TEN, actor=hill.organiser(NOON))

    assert before == {"A1": ("late", 35 * 60)}
    assert hill.told() == {"A1": ("in_time", 25 * 60 + 30), "B2": ("not_back", None)}


def test_no_time_lies_in_the_future(hill: Hillside) -> None:
    hike, a1, campaign = hill.hike(), hill.registration("A1"), hill.stage.campaign_id
    with hill.app.app_context():
        with pytest.raises(Refused, match="time_fix.future"), unit_of_work():
            starts.start(hike, campaign, at=clock("12:01"), actor=hill.organiser(NOON))
        with pytest.raises(Refused, match="time_fix.future"), unit_of_work():
            corrections.fix_time(a1, campaign, "finish", clock("12:01"), "看错", actor=hill.organiser(NOON))


def test_a_correction_holds_until_it_is_taken_back(hill: Hillside) -> None:
    a1, campaign = hill.registration("A1"), hill.stage.campaign_id
    with hill.app.app_context():
        with unit_of_work():
            corrections.fix_time(a1, campaign, "start", TEN, "起点扫早了", actor=hill.organiser(NOON))
        corrected = hill.told()["A1"]
        [fix] = hill.results().day.fixes
        for _twice in range(2):
            with unit_of_work():
                corrections.undo_fix(fix.id, campaign, actor=hill.organiser(NOON))

    assert corrected == ("in_time", 25 * 60)
    assert hill.told()["A1"] == ("late", 35 * 60)


def test_what_is_not_of_the_campaign_is_not_found(hill: Hillside) -> None:
    a1, campaign, hike = hill.registration("A1"), hill.stage.campaign_id, hill.hike()
    actor = hill.organiser(NOON)
    works: list[Callable[[], object]] = [
        lambda: corrections.fix_time(a1, campaign + 1, "finish", TEN, "x", actor=actor),
        lambda: corrections.fix_time(a1, campaign, "door", TEN, "x", actor=actor),
        lambda: corrections.fix_time(a1, campaign, "bus", TEN, "x", actor=actor),
        lambda: corrections.undo_fix(99, campaign, actor=actor),
        lambda: corrections.note(hike, campaign + 1, a1, None, "", actor=actor),
    ]
    with hill.app.app_context():
        for work in works:
            with pytest.raises(NotFound), unit_of_work():
                work()


def test_a_note_takes_the_place_of_the_one_before_and_is_taken_back(hill: Hillside) -> None:
    hike, b2, campaign = hill.hike(), hill.registration("B2"), hill.stage.campaign_id
    hill.start("10:00")
    told = []
    with hill.app.app_context():
        for kind in (WalkNoteKind.GAVE_UP, WalkNoteKind.VEHICLE, None):
            with unit_of_work():
                corrections.note(hike, campaign, b2, kind, "脚疼", actor=hill.organiser(NOON))
            told.append(hill.told()["B2"][0])

    assert told == ["left", "vehicle", "not_back"]


def test_what_was_scanned_is_declared_a_try_and_people_are_admitted_anew(hill: Hillside) -> None:
    a1, campaign = hill.registration("A1"), hill.stage.campaign_id
    hill.tap("10:26")
    hill.start("10:30")
    assert facts(hill.app, "outing").begins_at == clock("9:30")

    with hill.app.app_context():
        with unit_of_work():
            people = starts.declare_try(campaign, "试扫", actor=hill.organiser(clock("11:00")))
        counted = attendance.count_people([campaign])[campaign].present
        first = presence.first_admissions([a1], facts(hill.app, "outing"))

    assert (people, counted, first, hill.told()) == (2, 0, {}, {})
    assert facts(hill.app, "outing").begins_at > NOON
    assert hill.scan("A1", "finish", "10:59", received=clock("11:30")) == "admitted"
    assert hill.told() == {}
    hill.scan("A1", "start", "11:05")
    assert (hill.scan("A1", "finish", "11:30"), hill.told()) == ("admitted", {"A1": ("in_time", 25 * 60)})


def test_the_roll_call_counts_nobody_twice_and_lists_who_is_missing_by_unit(app: Flask) -> None:
    hill = hillside(app, capacity=4)
    hill.sign_up("A1", "B2", "C3", "D4", "E5")
    hill.scan("A1", "door", "9:30")
    hill.scan("A1", "door", "9:31", phone="second door")
    hill.scan("A1", "start", "9:50")
    hill.scan("B2", "start", "9:52")

    with app.app_context():
        board = roll_call.call(facts(app, "outing"), now=NOON)

    assert board.of_day
    assert (board.present, board.seated) == (2, 4)
    assert [(point.code, n) for point, n in board.points] == [("door", 1), ("start", 2), ("finish", 0)]
    assert {unit.path: [person.name for person in unit.missing] for unit in board.units} == {
        "城关供电所 运维一班": ["邓力"],
        "营销部 抄核收班": ["陈雨桐"],
        "营销部 客户服务班": [],
    }


def test_scans_of_the_eve_count_until_the_day_has_some(app: Flask) -> None:
    hill = hillside(app)
    hill.sign_up("A1", "B2")
    hill.scan("A1", "door", "-8:00")
    with app.app_context():
        eve = roll_call.call(facts(app, "outing"), now=DAY - HOUR)
    hill.scan("B2", "door", "9:00")
    with app.app_context():
        day = roll_call.call(facts(app, "outing"), now=NOON)

    assert eve.present == 1
    assert not eve.of_day
    assert [person.name for unit in day.units for person in unit.people if person.here] == ["薄言"]


def test_the_number_that_somebody_gave_is_shown(app: Flask) -> None:
    hill = hillside(app)
    hill.sign_up("B2")
    with app.app_context():
        question = next(q for q in campaigns.list_questions(hill.stage.campaign_id) if q.kind == "phone")
        with unit_of_work():
            wanted = replace(cast.application(hill.stage, "A1"), answers={question.id: "13800138000"})
            registrations.register(hill.stage.campaign_id, wanted, actor=hill.organiser(cast.NOW))
        board = roll_call.call(facts(app, "outing"), now=NOON)

    assert {person.name: person.phone for unit in board.units for person in unit.people} == {
        "安娜": "13800138000",
        "薄言": "",
    }
