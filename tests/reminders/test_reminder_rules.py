"""When reminders are due: local times that jump or repeat, what has no hour yet, what nobody wants any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.campaigns.kinds import Hike
from eventreg.campaigns.rules import Intake, ScheduleState
from eventreg.core.errors import Refused
from eventreg.reminders.rules import (
    Anchor,
    AnchorSide,
    NoSlotReason,
    OffsetUnit,
    ReminderInput,
    ReminderSlot,
    ReminderTiming,
    SlotProgress,
    check_wanted,
    planned,
    slot_of,
    usual,
    wanted_until,
)

CHINA = ZoneInfo("Asia/Shanghai")
MORNING = ReminderTiming(Anchor.START, AnchorSide.BEFORE, 3, OffsetUnit.DAYS, time(9))
SOON = ReminderTiming(Anchor.START, AnchorSide.BEFORE, 2, OffsetUnit.HOURS)


def activity(starts_at: datetime, *, id_: int = 1, **changes: object) -> ActivityFacts:
    """Two hours of a hike."""
    made = ActivityFacts(
        id=id_, kind="hike", title="徒步游", starts_at=starts_at, ends_at=starts_at + timedelta(hours=2),
        time_known=True, place=None, schedule=ScheduleState.CONFIRMED, sequence=0, parameters=Hike(),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def campaign(*activities: ActivityFacts, zone: ZoneInfo = CHINA, **changes: object) -> CampaignFacts:
    """Open through February, with these activities."""
    made = CampaignFacts(
        id=1, season_id=1, version=1, slug="outing", title="踏春", intro="", audience="", lang="zh-CN",
        zone=zone, accepts=Intake.REGISTRATIONS, published=True,
        opens_at=datetime(2026, 2, 1, 9, tzinfo=zone), opens_on_publication=True,
        closes_at=datetime(2026, 2, 27, tzinfo=zone), deadline=datetime(2026, 2, 27, tzinfo=zone),
        retain_until=date(2026, 12, 31), defaults=(), notice_id=1, waiting=0, last_arrival=0,
        activities=activities, pools=(),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def at_local(zone: str, day: date, hour: time) -> ReminderSlot:
    """The slot of "the day before at this hour" for an event on the day after `day`."""
    there = ZoneInfo(zone)
    starts_at = datetime.combine(day + timedelta(days=1), time(12), there)
    timing = ReminderTiming(Anchor.START, AnchorSide.BEFORE, 1, OffsetUnit.DAYS, hour)
    return slot_of(timing, campaign(activity(starts_at), zone=there))


@pytest.mark.parametrize(
    ("zone", "day", "hour", "utc", "shifted"),
    [
        ("America/New_York", date(2026, 3, 8), time(2, 30), "2026-03-08T07:30Z", True),
        ("America/New_York", date(2026, 3, 8), time(1, 59), "2026-03-08T06:59Z", False),
        ("America/New_York", date(2026, 3, 8), time(9), "2026-03-08T13:00Z", False),
        ("America/New_York", date(2026, 11, 1), time(1, 30), "2026-11-01T05:30Z", False),
        ("America/New_York", date(2026, 11, 1), time(9), "2026-11-01T14:00Z", False),
        ("Asia/Shanghai", date(2026, 3, 8), time(2, 30), "2026-03-07T18:30Z", False),
        ("Asia/Shanghai", date(2026, 11, 1), time(1, 30), "2026-10-31T17:30Z", False),
        ("Asia/Kathmandu", date(2026, 3, 8), time(9), "2026-03-08T03:15Z", False),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 10), "2026-10-03T15:40Z", True),
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), "2026-04-04T14:45Z", False),
    ],
)
def test_a_local_hour_becomes_one_instant(zone: str, day: date, hour: time, utc: str, shifted: bool) -> None:
    assert at_local(zone, day, hour) == ReminderSlot(datetime.fromisoformat(utc), shifted=shifted)


def test_hours_are_counted_as_they_pass() -> None:
    there = ZoneInfo("America/New_York")
    found = campaign(activity(datetime(2026, 3, 8, 3, 30, tzinfo=there)), zone=there)

    assert slot_of(SOON, found).at == datetime(2026, 3, 8, 5, 30, tzinfo=UTC)


def test_the_whole_campaign_starts_with_its_first_activity_and_ends_with_its_last() -> None:
    first, last = (datetime(2026, 3, day, 9, tzinfo=CHINA) for day in (4, 6))
    found = campaign(activity(first), activity(last, id_=2))
    after = ReminderTiming(Anchor.END, AnchorSide.AFTER, 1, OffsetUnit.HOURS)

    assert slot_of(SOON, found).at == first - timedelta(hours=2)
    assert slot_of(after, found).at == last + timedelta(hours=3)
    assert slot_of(replace(SOON, activity_id=2), found).at == last - timedelta(hours=2)


def test_what_is_called_off_is_not_reminded_of() -> None:
    at = datetime(2026, 3, 4, 9, tzinfo=CHINA)
    off, on = activity(at, schedule=ScheduleState.CANCELLED), activity(at + timedelta(days=1), id_=2)

    assert slot_of(SOON, campaign(off, on)).at == at + timedelta(hours=22)
    assert slot_of(replace(SOON, activity_id=1), campaign(off, on)) == ReminderSlot(
        None, lack=NoSlotReason.NO_ACTIVITY
    )


def test_an_hour_that_is_not_settled_makes_days_but_no_hours() -> None:
    midnight = datetime(2026, 3, 4, tzinfo=CHINA)
    whole_day = activity(midnight, ends_at=midnight + timedelta(days=1), time_known=False)
    found, evening = (
        campaign(whole_day),
        ReminderTiming(Anchor.END, AnchorSide.AFTER, 0, OffsetUnit.DAYS, time(20)),
    )

    assert slot_of(SOON, found) == ReminderSlot(None, lack=NoSlotReason.HOUR_UNKNOWN)
    assert slot_of(MORNING, found).at == datetime(2026, 3, 1, 9, tzinfo=CHINA)
    assert slot_of(evening, found).at == datetime(2026, 3, 4, 20, tzinfo=CHINA)


def test_nobody_wants_it_once_its_event_has_begun() -> None:
    starts_at = datetime(2026, 3, 4, 9, tzinfo=CHINA)
    found = campaign(activity(starts_at))
    before, during, over = (starts_at + timedelta(hours=h) for h in (-2, 1, 26))

    ends = [wanted_until(SOON, at, found, until="after") for at in (before, during, over)]

    assert ends == [starts_at, starts_at + timedelta(hours=2), over + timedelta(days=3)]
    assert wanted_until(SOON, before, found, until="start") == starts_at
    assert wanted_until(SOON, before, found, until="deadline") == found.closes_at


def test_a_past_slot_is_not_made_up_for_once_it_is_published() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    past, next_hour = now - timedelta(seconds=1), now + timedelta(hours=1)

    assert [planned(at, now=now, published=True) for at in (None, past, now, next_hour)] == [
        SlotProgress.UNSET, SlotProgress.PASSED, SlotProgress.PLANNED, SlotProgress.PLANNED,
    ]  # fmt: skip
    assert planned(past, now=now, published=False) is SlotProgress.PLANNED


NOW = datetime(2026, 2, 20, tzinfo=UTC)
ON = ReminderInput("seated", MORNING)


@pytest.mark.parametrize(
    ("wanted", "until", "code"),
    [
        (ON, "after", "reminder.exists"),
        (replace(ON, timing=replace(MORNING, amount=91)), "after", "typed.out_of_bounds"),
        (replace(ON, timing=replace(MORNING, at=None)), "after", "typed.missing"),
        (replace(ON, timing=replace(SOON, amount=73)), "after", "typed.out_of_bounds"),
        (
            replace(ON, timing=replace(SOON, amount=9, measure=OffsetUnit.MINUTES)),
            "after",
            "typed.out_of_bounds",
        ),
        (replace(ON, timing=replace(MORNING, amount=30)), "after", "reminder.passed"),
        (ReminderInput("unsigned", SOON), "deadline", "reminder.too_late"),
        (ReminderInput("waiting", replace(SOON, side=AnchorSide.AFTER)), "start", "reminder.too_late"),
        (replace(ON, timing=replace(MORNING, at=time(18))), "after", "reminder.too_many_in_a_day"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(wanted: ReminderInput, until: str, code: str) -> None:
    found = campaign(activity(datetime(2026, 3, 4, 9, tzinfo=CHINA)))
    others = [ON, replace(ON, timing=replace(MORNING, at=time(12)))]

    with pytest.raises(Refused, match=code):
        check_wanted(wanted, others, found, until=until, now=NOW)


def test_a_campaign_has_at_most_ten_rules() -> None:
    found = campaign(activity(datetime(2026, 3, 4, 9, tzinfo=CHINA)))
    others = [replace(ON, timing=replace(SOON, amount=n)) for n in range(1, 11)]

    with pytest.raises(Refused, match=r"reminder\.too_many$"):
        check_wanted(ON, others, found, until="after", now=NOW)


def test_the_usual_ones_are_for_who_has_a_place() -> None:
    assert usual(["seated", "waiting"]) == [ReminderInput("seated", MORNING), ReminderInput("seated", SOON)]
    assert usual(["judges"]) == []
