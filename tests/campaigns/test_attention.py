"""What needs attention today, where a campaign stands, and what keeps a draft from being published."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from eventreg.campaigns.facts import ActivityFacts, CampaignFacts, NoticeFacts
from eventreg.campaigns.kinds import Contest, Hike
from eventreg.campaigns.plan.attention import Attention, AttentionReason, attention
from eventreg.campaigns.plan.readiness import doubts, lacks
from eventreg.campaigns.rules import CampaignStage, Intake, PoolFacts, PoolScope, ScheduleState, stage_of

ZONE = ZoneInfo("Asia/Shanghai")
DAY = datetime(2027, 3, 4, tzinfo=ZONE)
HOUR, DAYS = timedelta(hours=1), timedelta(days=1)
NOW = DAY - 12 * DAYS + 9 * HOUR
HIKE = ActivityFacts(
    "hike",
    "徒步游",
    DAY + 9 * HOUR,
    DAY + 11 * HOUR,
    True,
    ScheduleState.CONFIRMED,
    Hike(),
    "东门",
    id=1,
    sequence=0,
)
NOTICE = NoticeFacts(1, "2027-01", ("用途：当天签到。",))


def pool(capacity: int, taken: int = 0, **narrower: object) -> PoolFacts:
    scope = PoolScope.UNIT if "unit_id" in narrower else PoolScope.TOTAL
    return PoolFacts(1, scope, capacity, taken, **narrower)  # type: ignore[arg-type]


OUTING = CampaignFacts(
    id=1,
    season_id=1,
    version=1,
    slug="outing",
    title="踏春",
    intro="走一段路。",
    audience="",
    lang="zh-CN",
    zone=ZONE,
    accepts=Intake.REGISTRATIONS,
    published=True,
    opens_at=NOW - DAYS,
    opens_on_publication=True,
    closes_at=DAY - 3 * DAYS,
    deadline=DAY - 3 * DAYS,
    retain_until=date(2027, 6, 30),
    defaults=(),
    notice_id=1,
    waiting=0,
    last_arrival=0,
    activities=(HIKE,),
    pools=(pool(30),),
)
DRAFT = replace(OUTING, published=False)


def needs(campaign: CampaignFacts, *, now: datetime = NOW, devices: int = 0) -> list[AttentionReason]:
    return [found.need for found in attention([campaign], devices={1: devices}, now=now)]


def test_nothing_needs_attention_on_an_ordinary_day() -> None:
    assert needs(OUTING) == []


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (2 * DAYS, [AttentionReason.CLOSES_SOON]),
        (2 * DAYS + timedelta(seconds=1), []),
        (timedelta(seconds=1), [AttentionReason.CLOSES_SOON]),
        (timedelta(0), []),
    ],
)
def test_the_last_two_days_before_the_deadline_are_said(
    before: timedelta, expected: list[AttentionReason]
) -> None:
    assert needs(OUTING, now=OUTING.closes_at - before) == expected


@pytest.mark.parametrize(
    ("at", "devices", "expected"),
    [
        (DAY - DAYS, 0, [AttentionReason.NO_DEVICE]),
        (DAY - DAYS - timedelta(seconds=1), 0, []),
        (DAY - DAYS, 1, []),
        (DAY + 10 * HOUR, 0, [AttentionReason.NO_DEVICE]),
        (DAY + 11 * HOUR, 0, []),
    ],
)
def test_a_day_that_is_tomorrow_s_or_today_s_needs_a_phone(
    at: datetime, devices: int, expected: list[AttentionReason]
) -> None:
    """Tomorrow by the campaign's own calendar, not by UTC's."""
    assert needs(OUTING, now=at.astimezone(UTC), devices=devices) == expected


def test_a_cancelled_day_needs_none() -> None:
    cancelled = replace(OUTING, activities=(replace(HIKE, schedule=ScheduleState.CANCELLED),))

    assert needs(cancelled, now=DAY) == []


@pytest.mark.parametrize(
    ("before", "expected"), [(7 * DAYS, [AttentionReason.TENTATIVE_SOON]), (8 * DAYS, [])]
)
def test_a_tentative_day_within_a_week_wants_settling(
    before: timedelta, expected: list[AttentionReason]
) -> None:
    tentative = replace(OUTING, activities=(replace(HIKE, schedule=ScheduleState.TENTATIVE),))

    assert needs(tentative, now=HIKE.starts_at - before) == expected


def test_free_places_while_somebody_waits_are_said_with_how_many() -> None:
    stuck = replace(OUTING, waiting=3)

    assert attention([stuck], devices={}, now=NOW) == [
        Attention(AttentionReason.FREE_WHILE_WAITING, stuck, count=3)
    ]
    assert needs(replace(stuck, pools=(pool(30, taken=30),))) == []


def test_people_who_wait_for_a_full_option_lead_to_the_questions() -> None:
    option = PoolFacts(9, PoolScope.OPTION, 1, 1, question_key="q1", option="o1")
    stuck = replace(OUTING, waiting=3, pools=(*OUTING.pools, option))

    assert needs(stuck) == [AttentionReason.OPTION_FULL]
    assert needs(replace(stuck, pools=(option,))) == [AttentionReason.OPTION_FULL]
    assert needs(replace(stuck, pools=(pool(30, taken=30), option))) == []


def test_while_all_is_called_off_no_pool_is_blamed_for_people_who_wait() -> None:
    off = replace(OUTING, waiting=3, activities=(replace(HIKE, schedule=ScheduleState.CANCELLED),))

    assert needs(off) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"deadline": NOW}, [AttentionReason.DRAFT_LATE]),
        ({"opens_on_publication": False, "opens_at": NOW + 3 * DAYS}, [AttentionReason.DRAFT_SOON]),
        ({"opens_on_publication": False, "opens_at": NOW + 4 * DAYS}, []),
    ],
)
def test_a_draft_whose_hour_is_near_or_past_is_said(
    changes: dict[str, object], expected: list[AttentionReason]
) -> None:
    assert needs(replace(DRAFT, **changes)) == expected  # type: ignore[arg-type]


def test_the_most_pressing_comes_first() -> None:
    tentative = replace(HIKE, schedule=ScheduleState.TENTATIVE)
    today = replace(OUTING, waiting=1, activities=(tentative,), closes_at=DAY, deadline=DAY)

    assert needs(today, now=DAY - HOUR) == [
        AttentionReason.NO_DEVICE,
        AttentionReason.FREE_WHILE_WAITING,
        AttentionReason.TENTATIVE_SOON,
        AttentionReason.CLOSES_SOON,
    ]


@pytest.mark.parametrize(
    ("campaign", "now", "stage"),
    [
        (DRAFT, NOW, CampaignStage.DRAFT),
        (OUTING, OUTING.opens_at - HOUR, CampaignStage.UPCOMING),
        (OUTING, OUTING.opens_at, CampaignStage.OPEN),
        (replace(OUTING, pools=(pool(30, taken=31),)), NOW, CampaignStage.FULL),
        (replace(OUTING, pools=()), NOW, CampaignStage.OPEN),
        (OUTING, OUTING.closes_at, CampaignStage.CLOSED),
        (OUTING, HIKE.ends_at, CampaignStage.OVER),
    ],
)
def test_where_a_campaign_stands(campaign: CampaignFacts, now: datetime, stage: CampaignStage) -> None:
    assert stage_of(campaign.window, campaign.total, ends_at=campaign.ends_at, now=now) is stage


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"intro": ""}, ["no_intro"]),
        ({"deadline": NOW}, ["deadline_passed"]),
        ({"deadline": DAY + 10 * HOUR}, ["closes_after_start"]),
        (
            {"opens_on_publication": False, "opens_at": DAY - 2 * DAYS},
            ["closes_before_opening"],
        ),
        ({"retain_until": date(2027, 3, 3)}, ["erased_before_end"]),
        ({"activities": ()}, ["no_activities"]),
        ({"activities": (replace(HIKE, starts_at=NOW),), "deadline": NOW + HOUR}, ["closes_after_start", "day_passed"]),
        ({"pools": (pool(0),)}, ["no_places"]),
        (
            {"intro": "", "deadline": NOW, "opens_on_publication": False, "opens_at": NOW + HOUR, "activities": (), "pools": (pool(0),)},
            ["no_intro", "deadline_passed", "closes_before_opening", "no_activities", "no_places"],
        ),
    ],
)  # fmt: skip
def test_what_keeps_a_draft_from_being_published(changes: dict[str, object], codes: list[str]) -> None:
    assert [lack.code for lack in lacks(replace(DRAFT, **changes), NOTICE, now=NOW)] == codes  # type: ignore[arg-type]


def test_without_a_notice_nobody_may_be_asked() -> None:
    assert [lack.code for lack in lacks(DRAFT, replace(NOTICE, paragraphs=()), now=NOW)] == ["no_notice"]


def test_what_is_worth_a_second_look() -> None:
    contest = replace(HIKE, kind="contest", parameters=Contest(teams=10, team_size=3))
    odd = replace(OUTING, activities=(contest,), pools=(pool(20), pool(15, unit_id=1), pool(9, unit_id=2)))

    assert [(doubt.code, doubt.count) for doubt in doubts(odd, now=NOW)] == [
        ("allotted_more", 4),
        ("teams_do_not_fill", 30),
    ]
    assert doubts(OUTING, now=NOW) == []
    years_before = OUTING.begins_at - timedelta(days=401)
    assert [doubt.code for doubt in doubts(OUTING, now=years_before)] == ["far_away"]


@pytest.mark.parametrize(("days", "told"), [(-7, False), (-6, True), (-1, True), (0, True), (1, False)])
def test_a_week_before_personal_data_go_the_overview_says_so(days: int, told: bool) -> None:
    noon = datetime.combine(OUTING.retain_until + timedelta(days=days), time(12), OUTING.zone)

    found = [a.need for a in attention([OUTING], devices={}, now=noon)]

    assert (AttentionReason.REMOVED_SOON in found) is told
