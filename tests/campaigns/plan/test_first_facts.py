"""A new campaign with what is known at once, and what a blank filled in beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.campaigns.inputs import NewActivity, NewCampaign, NewPool
from eventreg.campaigns.kinds import Hike, Plain
from eventreg.campaigns.plan.first_facts import FirstFacts, FirstHours, deadline_before, with_first_facts
from eventreg.campaigns.plan.prefilled import Prefilled, shown_to_employees, touched_by, untouched
from eventreg.campaigns.rules import Intake, PoolScope, ScheduleState
from eventreg.core.clock import utc_now
from eventreg.core.errors import Refused
from tests.rig import plans
from tests.rig.clients import token_in
from tests.rig.plan_pages import ClientFor, organised, sent

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2027, 2, 1, 9, tzinfo=ZONE)
EIGHTH = datetime(2027, 3, 8, tzinfo=ZONE)
HOUR, DAYS = timedelta(hours=1), timedelta(days=1)


def activity(title: str, starts_at: datetime) -> NewActivity:
    """A tentative activity of a day."""
    return NewActivity("plain", title, starts_at, starts_at + DAYS, False, ScheduleState.TENTATIVE, Plain())


BLANK = NewCampaign(
    slug="workshop",
    title="手工课",
    intro="",
    audience="全体职工",
    accepts=Intake.REGISTRATIONS,
    closes_at=EIGHTH - 3 * DAYS + 18 * HOUR,
    retain_until=date(2027, 6, 6),
    defaults=tuple(Prefilled),
    capacity=None,
    questions=(),
    activities=(activity("手工课", EIGHTH), activity("展览", EIGHTH + DAYS)),
    lang="zh-CN",
    timezone="Asia/Shanghai",
)
MORNING = FirstHours(
    datetime(2027, 2, 26, 9, tzinfo=ZONE), datetime(2027, 2, 26, 11, tzinfo=ZONE), time_known=True
)


def test_a_day_moves_all_activities_and_what_is_counted_from_them() -> None:
    bounds = (NewPool(PoolScope.GENDER, 5, gender="male", ends_at=EIGHTH - 4 * DAYS),)
    made = with_first_facts(replace(BLANK, bounds=bounds), FirstFacts(MORNING), now=NOW)

    first, second = made.activities
    assert [first.starts_at, first.ends_at] == [MORNING.starts_at, MORNING.ends_at]
    assert first.time_known
    assert [a.schedule for a in made.activities] == [ScheduleState.CONFIRMED, ScheduleState.TENTATIVE]
    assert second.starts_at == datetime(2027, 2, 27, tzinfo=ZONE)
    assert made.closes_at == datetime(2027, 2, 23, 18, tzinfo=ZONE)
    assert made.retain_until == date(2027, 5, 27)
    assert made.bounds[0].ends_at == datetime(2027, 2, 22, tzinfo=ZONE)
    assert Prefilled.WHEN not in made.defaults
    assert Prefilled.DEADLINE in made.defaults


def test_an_hour_moves_the_later_ones_along() -> None:
    """What follows an hour after the first does so in the afternoon too; a part without an hour moves by days alone."""
    ten = replace(activity("展览", EIGHTH + 10 * HOUR), ends_at=EIGHTH + 11 * HOUR, time_known=True)
    nine = replace(activity("手工课", EIGHTH + 9 * HOUR), ends_at=EIGHTH + 10 * HOUR, time_known=True)
    noon = FirstHours(EIGHTH + 37 * HOUR, EIGHTH + 38 * HOUR, time_known=True)  # 13:00 the next day
    made = with_first_facts(
        replace(BLANK, activities=(nine, ten, activity("茶歇", EIGHTH))), FirstFacts(noon), now=NOW
    )

    assert [a.starts_at - EIGHTH for a in made.activities] == [37 * HOUR, 38 * HOUR, DAYS]


@pytest.mark.parametrize(
    ("starts_at", "closes_at"),
    [
        (NOW + 30 * DAYS, datetime(2027, 2, 28, 18, tzinfo=ZONE)),
        (datetime(2027, 2, 3, 9, tzinfo=ZONE), datetime(2027, 2, 2, 18, tzinfo=ZONE)),
        (datetime(2027, 2, 1, 15, tzinfo=ZONE), datetime(2027, 2, 1, 15, tzinfo=ZONE)),
    ],
)
def test_the_deadline_lies_ahead_and_not_after_the_start(starts_at: datetime, closes_at: datetime) -> None:
    assert deadline_before(starts_at, now=NOW) == closes_at
    made = with_first_facts(BLANK, FirstFacts(FirstHours(starts_at, starts_at + HOUR, True)), now=NOW)
    assert NOW < made.closes_at <= starts_at


def test_place_places_and_introduction() -> None:
    made = with_first_facts(BLANK, FirstFacts(place="三楼会议室", capacity=20, intro="做团扇。"), now=NOW)

    assert [a.place for a in made.activities] == ["三楼会议室"] * 2
    assert (made.capacity, made.intro, made.closes_at) == (20, "做团扇。", BLANK.closes_at)
    assert untouched(made.defaults) == [
        Prefilled.WHEN,
        Prefilled.RULES,
        Prefilled.DEADLINE,
        Prefilled.AUDIENCE,
        Prefilled.QUESTIONS,
    ]
    assert with_first_facts(BLANK, FirstFacts(), now=NOW) == BLANK


@pytest.mark.parametrize(
    "facts", [FirstFacts(MORNING), FirstFacts(place="礼堂"), FirstFacts(capacity=10)], ids=str
)
def test_an_award_has_its_times_and_places_elsewhere(facts: FirstFacts) -> None:
    award = replace(BLANK, accepts=Intake.NOMINATIONS)
    with pytest.raises(Refused, match="award_has_no_places") as refused:
        with_first_facts(award, facts, now=NOW)
    assert refused.value.facts["field"] == facts.first_typed
    assert with_first_facts(award, FirstFacts(intro="评十位。"), now=NOW).intro == "评十位。"


@pytest.mark.parametrize(
    ("action", "fields", "touched"),
    [
        ("basics_changed", ["intro"], set()),
        ("basics_changed", ["audience"], {Prefilled.AUDIENCE}),
        ("basics_changed", ["closes_at", "title"], {Prefilled.DEADLINE}),
        ("activity_changed", ["ends_at", "starts_at"], {Prefilled.WHEN}),
        ("activity_changed", ["parameters"], {Prefilled.RULES}),
        ("award_changed", ["closes_at"], {Prefilled.RULES, Prefilled.DEADLINE}),
        ("places_changed", (), {Prefilled.PLACES}),
        ("question_added", (), {Prefilled.QUESTIONS}),
        ("question_retired", (), {Prefilled.QUESTIONS}),
        ("published", (), set()),
    ],
)
def test_a_change_touches_what_it_is_about(action: str, fields: list[str], touched: set[Prefilled]) -> None:
    assert touched_by(action, fields) == touched


def test_employees_are_not_told_what_a_blank_filled_in() -> None:
    assert shown_to_employees(("deadline", Prefilled.PLACES)) == ("deadline",)


# --- by page


def new(client: FlaskClient, **fields: str) -> str:
    """Send the form of a new campaign; the address of the draft's page."""
    page = client.get("/manage/new-campaign")
    form = {"csrf_token": token_in(page), "title": "手工课", "start": "blank:plain"} | fields
    answer = client.post("/manage/new-campaign", data=form)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def day(ahead: int) -> str:
    """A day that is so many days ahead."""
    return (utc_now() + timedelta(days=ahead)).date().isoformat()


def test_a_workshop_with_what_is_known_lacks_nothing(app: Flask, client_for: ClientFor) -> None:
    organised(app)
    admin = client_for("B2")
    plan = new(
        admin,
        day=day(20),
        starts="14:00",
        ends="16:00",
        place="三楼会议室",
        capacity="20",
        intro="做一把团扇。",
    )

    page = admin.get(plan).text
    found = plans.facts(app, plan.rpartition("/")[2])

    assert "发布以前还差" not in page
    assert found.total is not None
    assert found.total.capacity == 20
    first = found.activities[0]
    assert (first.kind, first.title, first.place) == ("plain", "手工课", "三楼会议室")
    assert f"{first.starts_at:%H:%M}–{first.ends_at:%H:%M}" == "14:00–16:00"
    assert "这些是系统先填的" in page
    assert "报名表问：手机号、备注" in page
    assert "女职工参加" not in page


def test_what_nobody_touched_is_listed_until_somebody_does(app: Flask, client_for: ClientFor) -> None:
    """A yoga course made from the blank forum would go out with its minimum of women."""
    organised(app)
    admin = client_for("B2")
    plan = new(admin, title="瑜伽课", start="blank:forum", intro="每周一次。")
    listed = "座谈会：每个班组至少 2 名女职工参加。"

    before = admin.get(plan).text
    assert listed in before
    assert "名额不限" in before
    activity_id = plans.facts(app, plan.rpartition("/")[2]).activities[0].id
    form = f"{plan}/activities/{activity_id}"
    fields = {"title": "瑜伽课", "day": day(30), "starts": "14:00", "ends": "16:00", "schedule": "confirmed"}
    assert sent(admin, form, **fields, p_women_per_team=0).status_code == 303
    assert sent(admin, f"{plan}/places", capacity="20", policy="first_come").status_code == 303

    after = admin.get(plan).text
    assert listed not in after
    assert 'places#capacity">名额' not in after
    assert "报名表问：" in after


def test_of_an_award_too_what_nobody_touched_is_listed(app: Flask, client_for: ClientFor) -> None:
    organised(app)
    admin = client_for("B2")
    plan = new(admin, title="十佳", start="blank:award", intro="评十位。")

    page = admin.get(plan).text

    assert "评选：评出 10 位。事迹材料不少于 1000 字。" in page
    assert "推荐截止" in page
    assert "谁能参加：在职女职工" in page
    assert "报名表问" not in page


def test_each_gap_leads_to_its_field(app: Flask, client_for: ClientFor) -> None:
    organised(app)
    admin = client_for("B2")
    plan = new(admin)

    page = admin.get(plan).text
    assert f'href="{plan}/basics#intro"' in page
    basics = admin.get(f"{plan}/basics").text
    assert 'id="intro"' in basics
    assert "（发布前要填）" in basics
    assert basics.index('id="closes_at"') < basics.index("更多设置") < basics.index('id="slug"')


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"starts": "14:00"}, "写了钟点，还要写日期"),
        ({"day": "2027-13-40"}, "日期"),
        ({"capacity": "0"}, "1"),
        ({"start": "blank:award", "capacity": "10"}, "评选的时间和名额"),
        ({"start": "blank:award", "place": "礼堂"}, "评选的时间和名额"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(
    app: Flask, client_for: ClientFor, fields: dict[str, str], at: str
) -> None:
    organised(app)
    admin = client_for("B2")
    page = admin.get("/manage/new-campaign")
    form = {"csrf_token": token_in(page), "title": "手工课", "start": "blank:plain", "intro": "做团扇"}
    answer = admin.post("/manage/new-campaign", data=form | fields)

    assert answer.status_code in {409, 422}
    assert at in answer.text
    assert "做团扇" in answer.text
    assert "手工课" in answer.text


def test_a_copy_takes_the_day_and_keeps_the_rest(app: Flask, client_for: ClientFor) -> None:
    organised(app)
    admin = client_for("B2")
    plan = new(admin, title="再走一次", start="copy:outing", day=day(40), starts="09:00", ends="10:00")
    source, copy = plans.facts(app, "outing"), plans.facts(app, plan.rpartition("/")[2])

    walk = next(a for a in copy.activities if isinstance(a.parameters, Hike))
    assert f"{walk.starts_at:%Y-%m-%d %H:%M}" == f"{day(40)} 09:00"
    assert copy.intro == source.intro
    assert (copy.total and copy.total.capacity) == (source.total and source.total.capacity)
