"""A day without an hour begins with the first admission at its first check point, or when it is over."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.models import Activity
from eventreg.campaigns.rules import ScheduleState, begins_at, has_begun
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Refused
from eventreg.registrations import announcing, tickets
from eventreg.registrations.reading import find_live
from eventreg.season import reschedule
from eventreg.venue import scans
from eventreg.venue.incoming import IncomingScan
from tests.rig import cast, sight
from tests.rig.cast import BEGUN, DAY, NOW, Stage
from tests.rig.plans import HOUR, as_new, basics, do, facts
from tests.venue.test_scans import a_device

MORNING = DAY + 7 * HOUR


def scanned(app: Flask, stage: Stage, staff_no: str, point: str, *, at: datetime) -> str:
    """Scan somebody's ticket at a check point; the verdict."""
    with app.app_context():
        live = find_live(stage.campaign_id, stage.people[staff_no])
        assert live is not None
        token = tickets.find_token(live.id, keys=stage.keys)
    assert token is not None
    device = a_device(app, stage)
    batch = [IncomingScan(f"{staff_no}{point}{at:%d%H%M}", token, point, at)]
    with app.app_context(), unit_of_work():
        [answer] = scans.record(batch, device, keys=app.extensions["eventreg.keys"], now=at)
    return str(answer.verdict)


def begun(app: Flask) -> dict[str, datetime | None]:
    """When each part began, by its kind."""
    return {activity.kind: activity.begun_at for activity in facts(app, "outing").activities}


def test_at_seven_on_a_day_without_an_hour_everything_can_still_be_done(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2", "C3", "D4"):
        cast.sign_up(app, stage, who)
    hike = next(a for a in facts(app, "outing").activities if a.kind == "hike")

    cast.withdraw(app, stage, "A1", now=MORNING)
    assert sight.places(app)["C3"] == "seated"
    cast.set_capacity(app, stage, 3, now=MORNING)
    assert sight.places(app)["D4"] == "seated"
    do(app, "outing", reschedule.change_basics, basics(facts(app, "outing"), title="踏春"), now=MORNING)
    with_hour = as_new(hike, starts_at=DAY + 10 * HOUR, ends_at=DAY + 11 * HOUR, time_known=True)
    do(app, "outing", announcing.change_activity, hike.id, with_hour, now=MORNING)
    tomorrow = as_new(hike, starts_at=DAY + 24 * HOUR, ends_at=DAY + 48 * HOUR)
    do(app, "outing", announcing.change_activity, hike.id, tomorrow, now=MORNING)
    back = as_new(hike, schedule=ScheduleState.CANCELLED)
    do(app, "outing", announcing.change_activity, hike.id, back, now=MORNING)


@pytest.mark.parametrize(("point", "starts"), [("start", "hike"), ("door", "contest")])
def test_the_first_admission_of_the_day_begins_the_part_of_that_check_point(
    app: Flask, stage: Stage, point: str, starts: str
) -> None:
    for who in ("A1", "B2"):
        cast.sign_up(app, stage, who)

    scanned(app, stage, "A1", point, at=MORNING)
    scanned(app, stage, "B2", point, at=MORNING + HOUR)

    assert {kind for kind, at in begun(app).items() if at} == {starts}
    assert begun(app)[starts] == MORNING
    with pytest.raises(Refused, match="registration.started"):
        cast.withdraw(app, stage, "B2", now=MORNING + HOUR)


def test_a_ticket_that_was_tried_out_begins_the_day_when_its_person_comes(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    scanned(app, stage, "A1", "start", at=DAY - HOUR)
    assert begun(app)["hike"] is None

    assert scanned(app, stage, "A1", "start", at=MORNING) == "repeated"

    assert begun(app) == {"hike": MORNING, "contest": None}


def test_scans_of_another_day_or_check_point_begin_nothing(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    cast.sign_up(app, stage, "B2")

    scanned(app, stage, "A1", "door", at=DAY - HOUR)
    scanned(app, stage, "A1", "finish", at=MORNING)

    assert set(begun(app).values()) == {None}
    cast.withdraw(app, stage, "B2", now=MORNING)


def test_whoever_tried_it_out_the_day_before_begins_the_day_too(app: Flask, stage: Stage) -> None:
    """The scan of the day is "repeated" then, and still somebody is there."""
    for who in ("A1", "B2"):
        cast.sign_up(app, stage, who)
    scanned(app, stage, "A1", "start", at=DAY - HOUR)

    assert scanned(app, stage, "A1", "start", at=MORNING) == "repeated"

    assert begun(app)["hike"] == MORNING
    with pytest.raises(Refused, match="registration.started"):
        cast.withdraw(app, stage, "B2", now=MORNING + HOUR)


def test_what_has_begun_is_fixed_and_the_other_part_is_not(app: Flask, stage: Stage) -> None:
    """Hike at 09:00, kites at 10:30: at 09:30 the kites can be called off, and everybody is told."""
    cast.sign_up(app, stage, "A1")
    found = {activity.kind: activity for activity in facts(app, "outing").activities}
    for kind, starts in (("hike", DAY + 9 * HOUR), ("contest", DAY + 10.5 * HOUR)):
        there = as_new(found[kind], starts_at=starts, ends_at=starts + HOUR, time_known=True)
        do(app, "outing", announcing.change_activity, found[kind].id, there)
    found = {activity.kind: activity for activity in facts(app, "outing").activities}
    now = DAY + 9.5 * HOUR

    off = as_new(found["contest"], schedule=ScheduleState.CANCELLED)
    assert do(app, "outing", announcing.change_activity, found["contest"].id, off, now=now) == 1
    off = as_new(found["hike"], schedule=ScheduleState.CANCELLED)
    with pytest.raises(Refused, match="plan.activity_started"):
        do(app, "outing", announcing.change_activity, found["hike"].id, off, now=now)


def test_the_rule_in_sql_is_the_rule(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    kites = facts(app, "outing").activities[1]
    there = as_new(kites, starts_at=DAY + 9 * HOUR, ends_at=DAY + 11 * HOUR, time_known=True)
    do(app, "outing", announcing.change_activity, kites.id, there)
    scanned(app, stage, "A1", "start", at=MORNING)

    with app.app_context(), unit_of_work():
        rows = db.session.execute(select(Activity, campaigns.BEGINS_AT)).all()
        assert all(begins_at(activity) == at for activity, at in rows)
        _, window = campaigns.lock_window(stage.campaign_id)
    assert window.begins_at == min(begins_at(a) for a in facts(app, "outing").activities)


def test_a_day_without_a_scan_has_begun_when_it_is_over(app: Flask, stage: Stage) -> None:
    [first, _] = facts(app, "outing").activities
    assert not has_begun(first, now=BEGUN - timedelta(seconds=1))
    assert has_begun(first, now=BEGUN)
    assert NOW < DAY
