"""Reminders: each person once for each slot, nobody late, nobody after the event, however the job runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg.campaigns.audiences import Audience, MessageDeadline
from eventreg.campaigns.plan import planning
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.people import service as people
from eventreg.people.models import Person
from eventreg.reminders import audiences, making
from eventreg.reminders import service as reminders
from eventreg.reminders.models import ReminderRule
from eventreg.reminders.rules import (
    Anchor,
    AnchorSide,
    OffsetUnit,
    ReminderInput,
    ReminderTiming,
    SlotProgress,
)
from eventreg.season import reschedule
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import BEGUN, CLOSES, DAY, NOW, Stage
from tests.rig.plans import basics, do, draft, facts
from tests.rig.reminding import MORNING, SLOT, drop_activities, move, remind_of, reminded, run, told

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BEFORE_CLOSE = ReminderTiming(Anchor.DEADLINE, AnchorSide.BEFORE, 1, OffsetUnit.DAYS, time(9))


def rules(app: Flask, slug: str = "outing") -> list[tuple[datetime | None, SlotProgress]]:
    """(slot, progress) of a campaign's rules."""
    campaign = facts(app, slug)
    with app.app_context():
        return [(rule.slot_at, rule.progress) for rule in reminders.list_rules(campaign.id)]


def test_who_has_a_place_is_reminded_once(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    remind_of(app)

    assert [run(app, at) for at in (SLOT - MINUTE, SLOT, SLOT, SLOT + HOUR)] == [0, 2, 0, 0]
    assert reminded(app) == [(who, "2027-03-01T01:00:00+00:00", "queued") for who in ("A1", "B2")]
    assert rules(app) == [(SLOT, SlotProgress.MADE)]
    assert sight.audit_actions(app, "campaign.remind") == ["campaign.reminder_added", "campaign.reminded"]


def test_each_audience_is_its_own(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    remind_of(app, ReminderInput("waiting", MORNING))
    remind_of(app, ReminderInput("unsigned", BEFORE_CLOSE))

    run(app, SLOT - timedelta(days=1))
    assert told(app) == ["D4", "E5", "F6"]
    run(app, SLOT)
    assert told(app)[3:] == ["C3"]
    assert reminded(app)[0][2] == "withheld"  # D4 has no mailbox, and an organiser sees it


def test_a_unit_narrows_it_to_all_under_it(app: Flask, stage: Stage) -> None:
    with app.app_context():
        unit = people.find_unit("城关供电所")
    remind_of(app, ReminderInput("unsigned", BEFORE_CLOSE, unit_id=unit))

    run(app, SLOT - timedelta(days=1))

    assert told(app) == ["D4", "E5", "F6"]


def test_who_comes_after_the_slot_is_not_reminded(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    cast.sign_up(app, stage, "B2")
    cast.sign_up(app, stage, "C3")
    remind_of(app, ReminderInput("seated", BEFORE_CLOSE))
    slot = datetime.fromisoformat("2027-02-28T09:00:00+08:00")
    cast.withdraw(app, stage, "A1", now=slot + MINUTE)  # C3 gets the place after the slot

    run(app, slot + HOUR)

    assert told(app) == ["B2"]


def test_after_a_long_outage_it_goes_out_until_the_event_begins(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    remind_of(app)

    assert run(app, DAY - MINUTE) == 1


def test_nothing_is_made_once_the_event_has_begun(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    remind_of(app)

    assert [run(app, DAY), run(app, SLOT)] == [0, 0]
    assert rules(app) == [(SLOT, SlotProgress.PASSED)]


def test_another_date_is_another_slot_and_reaches_all_again(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    remind_of(app)
    run(app, SLOT)
    cast.sign_up(app, stage, "B2")

    week = timedelta(days=7)
    move(app, DAY + week, now=SLOT + MINUTE)

    assert rules(app) == [(SLOT + week, SlotProgress.PLANNED)]
    assert [run(app, SLOT + 2 * MINUTE), run(app, SLOT + week)] == [0, 2]
    assert told(app) == ["A1", "A1", "B2"]


def test_there_and_back_again_tells_nobody_twice(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    remind_of(app)
    move(app, DAY + timedelta(days=7))
    move(app, DAY)

    assert [run(app, SLOT), run(app, SLOT)] == [1, 0]


def test_a_date_moved_so_near_that_the_slot_is_past_fires_nothing(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    remind_of(app)
    do(app, "outing", reschedule.change_basics, basics(facts(app, "outing"), closes_at=NOW + HOUR))
    move(app, DAY - timedelta(days=9), now=NOW + MINUTE)

    assert run(app, NOW + HOUR) == 0
    assert [progress for _at, progress in rules(app)] == [SlotProgress.PASSED]


def test_a_date_that_was_moved_past_us_is_noticed_by_the_job(app: Flask, stage: Stage) -> None:
    from eventreg.registrations import announcing
    from tests.rig.plans import as_new

    cast.sign_up(app, stage, "A1")
    remind_of(app)
    week = timedelta(days=7)
    for activity in facts(app, "outing").activities:
        later = replace(as_new(activity), starts_at=DAY + week, ends_at=DAY + week + HOUR)
        do(app, "outing", announcing.change_activity, activity.id, later)

    assert [run(app, SLOT), run(app, SLOT + week)] == [0, 1]


def test_a_moved_deadline_moves_what_is_counted_from_it(app: Flask, stage: Stage) -> None:
    remind_of(app, ReminderInput("unsigned", BEFORE_CLOSE))
    do(
        app, "outing", reschedule.change_basics,
        basics(facts(app, "outing"), closes_at=CLOSES - timedelta(days=1)),
    )  # fmt: skip

    assert rules(app) == [(datetime.fromisoformat("2027-02-27T09:00:00+08:00"), SlotProgress.PLANNED)]


def test_a_draft_s_rules_wait_for_its_publication(app: Flask, stage: Stage) -> None:
    draft(app, stage)
    opening = ReminderTiming(Anchor.OPENING, AnchorSide.AFTER, 10, OffsetUnit.MINUTES)
    remind_of(app, ReminderInput("unsigned", opening), slug="copy")

    assert run(app, NOW + HOUR) == 0
    do(app, "copy", reschedule.publish, now=NOW + HOUR)
    assert rules(app, "copy") == [(NOW + HOUR + 10 * MINUTE, SlotProgress.PLANNED)]
    assert run(app, NOW + HOUR + 10 * MINUTE) == 6


def test_what_a_draft_planned_for_the_past_is_not_made_up_for(app: Flask, stage: Stage) -> None:
    draft(app, stage)
    remind_of(app, slug="copy")

    do(app, "copy", reschedule.publish, now=NOW)
    assert rules(app, "copy") == [(SLOT, SlotProgress.PLANNED)]
    draft(app, stage, "again")
    remind_of(
        app, replace(ReminderInput("seated", MORNING), timing=replace(MORNING, amount=60)), slug="again"
    )
    do(app, "again", reschedule.publish, now=NOW)

    assert [progress for _at, progress in rules(app, "again")] == [SlotProgress.PASSED]


def test_a_draft_is_deleted_with_its_rules_and_an_activity_with_its_own(app: Flask, stage: Stage) -> None:
    campaign = draft(app, stage)
    of_one = replace(MORNING, activity_id=campaign.activities[0].id)
    remind_of(app, slug="copy")
    remind_of(app, ReminderInput("seated", of_one), slug="copy")

    drop_activities(app, "copy")
    assert rules(app, "copy") == [(SLOT, SlotProgress.PLANNED)]
    do(app, "copy", lambda id_, *, actor, **_how: making.retime(id_, now=actor.now))
    assert rules(app, "copy") == [(None, SlotProgress.UNSET)]
    with app.app_context():
        seen = facts(app, "copy")
        with unit_of_work():
            planning.delete_draft(seen.id, seen=seen.version, actor=acting("test", NOW))
    assert sight.count(app, ReminderRule) == 0


def test_off_is_off_and_what_passed_meanwhile_is_not_made_up_for(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    rule = remind_of(app)

    assert do(app, "outing", reminders.switch, rule, on=False) is True
    assert do(app, "outing", reminders.switch, rule, on=False) is False
    assert run(app, SLOT) == 0
    do(app, "outing", reminders.switch, rule, on=True, now=SLOT + MINUTE)
    assert (run(app, SLOT + HOUR), rules(app)) == (0, [(SLOT, SlotProgress.PASSED)])


def test_a_rule_can_be_stopped_and_removed_after_the_start_but_not_changed(app: Flask, stage: Stage) -> None:
    rule, late = remind_of(app), BEGUN

    with pytest.raises(Refused, match="plan.started"):
        do(app, "outing", reminders.change, rule, ReminderInput("waiting", MORNING), now=late)
    assert do(app, "outing", reminders.switch, rule, on=False, now=late) is True
    do(app, "outing", reminders.remove, rule, now=late)
    assert rules(app) == []


def test_a_changed_rule_is_planned_anew_and_the_same_again_is_no_change(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    rule = remind_of(app)
    run(app, SLOT)
    evening = ReminderInput("seated", replace(MORNING, at=time(20)))

    assert do(app, "outing", reminders.change, rule, evening, now=SLOT + MINUTE) is True
    assert do(app, "outing", reminders.change, rule, evening, now=SLOT + MINUTE) is False
    assert [run(app, SLOT + 2 * MINUTE), run(app, SLOT + 11 * HOUR)] == [0, 1]


def test_the_usual_ones_are_added_once(app: Flask, stage: Stage) -> None:
    assert do(app, "outing", reminders.add_usual) == 3
    with pytest.raises(Refused, match="reminder.no_usual"):
        do(app, "outing", reminders.add_usual)
    eve = SLOT + timedelta(days=2, hours=9)  # at 18:00, when organisers get the papers
    planned = [(SLOT, SlotProgress.PLANNED), (eve, SlotProgress.PLANNED)]
    assert rules(app) == [*planned, (None, SlotProgress.UNSET)]


def test_another_campaign_s_rule_and_audience_are_not_there(app: Flask, stage: Stage) -> None:
    rule = remind_of(app)
    draft(app, stage)

    for work in (
        lambda: do(app, "copy", reminders.remove, rule),
        lambda: do(app, "copy", reminders.switch, rule, on=False),
        lambda: do(app, "copy", reminders.change, rule, ReminderInput("waiting", MORNING)),
        lambda: remind_of(app, ReminderInput("judges", MORNING)),
        lambda: remind_of(app, ReminderInput("seated", replace(MORNING, activity_id=999))),
    ):
        with pytest.raises(NotFound):
            work()


def test_many_are_reminded_in_batches(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.set_stage(app, extra=20)
    monkeypatch.setattr(making, "BATCH", 7)
    remind_of(app, ReminderInput("unsigned", BEFORE_CLOSE))

    assert run(app, SLOT - timedelta(days=1)) == 26
    assert len(set(told(app))) == 26


@pytest.fixture
def judges(monkeypatch: pytest.MonkeyPatch) -> Audience:
    """An audience that a room brought: whoever is called 安娜."""
    mine = select(Person.id.label("person_id"), Person.left_at.label("since")).where(Person.name == "安娜")
    made = Audience("judges", lambda _campaign: mine, lambda _campaign: True, MessageDeadline.START)
    monkeypatch.setattr(audiences, "AUDIENCES", (*audiences.AUDIENCES, made))
    return made


def test_an_audience_of_another_room_needs_no_change_here(app: Flask, stage: Stage, judges: Audience) -> None:
    remind_of(app, ReminderInput(judges.code, MORNING))

    assert [run(app, SLOT), run(app, SLOT)] == [1, 0]
    assert told(app) == ["A1"]
    assert sight.letters(app) == [("reminder", "queued")]


def test_an_audience_that_is_offered_no_more_gets_nothing(
    app: Flask, stage: Stage, judges: Audience, monkeypatch: pytest.MonkeyPatch
) -> None:
    remind_of(app, ReminderInput(judges.code, MORNING))
    monkeypatch.setattr(audiences, "AUDIENCES", audiences.AUDIENCES[:-1])

    assert run(app, SLOT) == 0
