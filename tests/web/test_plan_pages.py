"""The pages of a plan: what was typed comes back, what is not hers is not there, twice is once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventreg.accounts import grants as house
from eventreg.accounts.rules import Role
from eventreg.campaigns import grants
from eventreg.campaigns.models import Campaign
from eventreg.core.clock import utc_now
from eventreg.core.db import unit_of_work
from eventreg.people import service as people
from eventreg.people.units import list_units
from tests.api.program import Program, token_for
from tests.rig import cast, sight
from tests.rig.cast import Stage
from tests.rig.clients import token_in
from tests.rig.plans import facts
from tests.rig.statements import statements

OUTING = "/manage/campaigns/outing"
ClientFor = Callable[..., FlaskClient]


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing, open since an hour; A1 organises it, B2 administers the house."""
    stage = cast.set_stage(app, now=utc_now() - timedelta(hours=1))
    now = utc_now() - timedelta(minutes=1)
    with app.app_context(), unit_of_work():
        grants.grant(stage.people["A1"], Role.ORGANISER, "outing", by="test", now=now)
        house.grant(stage.people["B2"], Role.ADMINISTRATOR, unit_id=None, by="test", now=now)
    return stage


def sent(client: FlaskClient, form_at: str, to: str | None = None, **fields: object) -> TestResponse:
    """Open the page with a form and send it with the version that it shows, and these fields."""
    page = client.get(form_at)
    version = page.text.split('name="version"')[1].split('value="')[1].split('"')[0]
    return client.post(to or form_at, data={"csrf_token": token_in(page), "version": version} | fields)


def made(client: FlaskClient, title: str = "健步走", start: str = "blank:outing") -> str:
    """A new draft's plan page."""
    page = client.get("/manage/new-campaign")
    form = {"csrf_token": token_in(page), "title": title, "start": start}
    answer = client.post("/manage/new-campaign", data=form)
    assert answer.status_code == 303
    return str(answer.location)


def test_an_empty_product_leads_from_season_to_campaign(app: Flask, client_for: ClientFor) -> None:
    with app.app_context(), unit_of_work():
        people.import_roster(cast.roster_rows(), company="禾川农电", by="test", now=utc_now())
    with app.app_context():
        admin = people.get_person_by_staff_no("B2").id
        with unit_of_work():
            house.grant(admin, Role.ADMINISTRATOR, unit_id=None, by="test", now=utc_now())
    client = client_for("B2")
    before = client.get("/manage")

    assert ("还没有活动季" in before.text, client.get("/manage/new-campaign").status_code) == (True, 302)
    bad = sent(client, "/manage/season", brand="", owner="党群工作部", lead="写好的一句话")
    assert (bad.status_code, "还没有填，请补上" in bad.text, "写好的一句话" in bad.text) == (422, True, True)
    kept = {"title": "2027 年三八", "day": "2027-03-08", "brand": "禾川三八", "owner": "党群工作部"}
    assert sent(client, "/manage/season", headline="三月", lead="来", **kept).status_code == 303
    assert "还没有活动" in client.get("/manage").text
    assert made(client, "踏春嘉年华、健康伴我行") == "/manage/campaigns/ta-chun-jia-nian-hua-jian-kang-ban"


def test_making_a_draft_twice_makes_one(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    client = client_for("A1")
    page = client.get("/manage/new-campaign").text
    key = page.split('name="key"')[1].split('value="')[1].split('"')[0]
    form = {
        "csrf_token": token_in(client.get("/manage/new-campaign")),
        "title": "拔河",
        "start": "blank:forum",
    }

    places = [client.post("/manage/new-campaign", data=form | {"key": key}).location for _ in range(2)]

    assert places == ["/manage/campaigns/ba-he"] * 2
    assert sight.count(app, Campaign) == 2


def test_a_draft_is_its_organisers_alone(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    plan = made(client_for("A1"), "健步走")
    with app.app_context(), unit_of_work():
        grants.grant(stage.people["C3"], Role.ORGANISER, "outing", by="test", now=utc_now())
    program = Program(app, token_for(app, "campaigns"))

    asked = {
        who: [client_for(who).get(plan + part).status_code for part in ("", "/preview", "/preview/form")]
        for who in ("A1", "B2", "C3", "E5")
    }

    assert asked == {"A1": [200] * 3, "B2": [200] * 3, "C3": [404] * 3, "E5": [404] * 3}
    slug = plan.rsplit("/", 1)[1]
    shown = [
        client_for("A1").get(f"/campaigns/{slug}{part}").status_code
        for part in ("", "/order", "/registration")
    ]
    assert shown == [404] * 3
    assert program.get(f"/api/v1/campaigns/{slug}").status_code == 404
    assert [c["slug"] for c in program.get("/api/v1/campaigns").get_json()["items"]] == ["outing"]
    assert slug not in client_for("E5").get("/").text


def test_only_one_s_own_campaigns_can_be_copied(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    made(client_for("B2"), "别人的草稿")
    client = client_for("A1")
    page = client.get("/manage/new-campaign")
    form = {"csrf_token": token_in(page), "title": "抄一份", "start": "copy:bie-ren-de-cao-gao"}

    answer = client.post("/manage/new-campaign", data=form)

    assert ("别人的草稿" in page.text, answer.status_code, "抄一份" in answer.text) == (False, 422, True)


def test_a_copy_of_the_outing_is_published_and_taken(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    client = client_for("A1")
    plan = made(client, "再来一次", "copy:outing")

    answer = sent(client, plan, f"{plan}/publication")
    again = sent(client, plan.replace("zai-lai-yi-ci", "outing") + "/basics", f"{plan}/publication")

    assert (answer.status_code, again.status_code) == (303, 303)
    slug = plan.rsplit("/", 1)[1]
    assert client_for("E5").get(f"/campaigns/{slug}/registration").status_code == 200
    assert sight.audit_actions(app, "campaign.")[-2:] == ["campaign.drafted", "campaign.published"]


def test_a_draft_that_lacks_something_says_what(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    client = client_for("A1")
    plan = made(client)
    page = client.get(plan)
    form = {"csrf_token": token_in(page), "version": facts(app, plan.rsplit("/", 1)[1]).version}

    answer = client.post(f"{plan}/publication", data=form)

    assert ("发布活动" in page.text, "还没有介绍" in page.text) == (False, True)
    assert (answer.status_code, "还不能发布" in answer.text) == (409, True)


@pytest.mark.parametrize(
    ("part", "fields", "said"),
    [
        ("basics", {"title": "", "intro": "写了很久的介绍"}, "还没有填，请补上"),
        ("basics", {"closes_at": "明天", "intro": "写了很久的介绍"}, "请写日期和时间"),
        ("places", {"capacity": "三十", "reserved": "7"}, "请写一个整数"),
        ("places", {"capacity": "5", "reserved": "7"}, "最多留 5 个"),
        ("places", {"capacity": "", "reserved": "7"}, "要留名额，先在上面写总名额"),
        ("activities/new/hike", {"title": "夜里走", "day": "2027-02-30"}, "请写日期"),
        ("activities/new/hike", {"title": "夜里走", "day": "2027-03-04", "starts": "09:00"}, "写了开始就要写结束"),
        ("activities/new/hike", {"title": "夜里走", "p_distance_m": "99"}, "请写 100 到 50000 之间的整数"),
        ("questions/new", {"label": "", "hint": "写了很久的提示"}, "还没有填，请补上"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    app: Flask, stage: Stage, client_for: ClientFor, part: str, fields: dict[str, str], said: str
) -> None:
    client = client_for("A1")
    plan = made(client)
    before = facts(app, plan.rsplit("/", 1)[1])

    answer = sent(client, f"{plan}/{part}", **fields)

    kept = [typed for typed in fields.values() if typed not in unescape(answer.text)]
    assert (answer.status_code, said in unescape(answer.text), kept) == (422, True, [])
    assert facts(app, before.slug) == before


def test_a_lost_update_is_refused_with_the_text_and_saved_on_insisting(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    first, second = client_for("A1"), client_for("B2")
    page = second.get(f"{OUTING}/basics")
    old = {"csrf_token": token_in(page), "version": facts(app, "outing").version}
    assert sent(first, f"{OUTING}/basics", title="第一个人写的").status_code == 303

    answer = second.post(f"{OUTING}/basics", data=old | {"title": "第二个人写的"})

    assert (answer.status_code, "刚才有人改过" in answer.text, "第二个人写的" in answer.text) == (
        409,
        True,
        True,
    )
    assert facts(app, "outing").title == "第一个人写的"
    new = old | {"version": facts(app, "outing").version}
    assert f'value="{new["version"]}"' in answer.text
    assert second.post(f"{OUTING}/basics", data=new | {"title": "第二个人写的"}).status_code == 303


def test_a_row_more_keeps_what_was_typed_and_saves_nothing(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    client = client_for("A1")
    with app.app_context():
        units = {path: str(id_) for id_, path in list_units()}
    typed = {"capacity": "12", "unit_0": units["营销部"], "places_0": "4"}

    answer = sent(client, f"{OUTING}/places", add="1", **typed)

    assert (answer.status_code, 'name="unit_1"' in answer.text, 'value="12"' in answer.text) == (
        200,
        True,
        True,
    )
    assert f'<option selected value="{units["营销部"]}">' in answer.text
    assert facts(app, "outing").total.capacity == 2  # type: ignore[union-attr]
    more = typed | {"unit_1": units["城关供电所"], "places_1": "3", "reserved": "5"}
    assert sent(client, f"{OUTING}/places", **more).status_code == 303
    assert [(str(p.scope), p.capacity) for p in facts(app, "outing").pools] == [
        ("total", 12), ("gender", 7), ("unit", 4), ("unit", 3),
    ]  # fmt: skip
    page = client_for("E5").get("/campaigns/outing").text
    assert [
        words in page
        for words in ("男职工最多 7 人，其余留给女职工", "营销部最多 4 人", "城关供电所最多 3 人")
    ] == [True] * 3


def test_who_is_seated_by_more_places_is_told_to_the_organiser(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    for who in ("C3", "D4", "E5", "F6"):
        cast.sign_up(app, stage, who, now=utc_now())

    client = client_for("A1")
    assert sent(client, f"{OUTING}/places", capacity="3").status_code == 303

    assert "候补里有 1 人递补上了" in client.get(OUTING).text


def test_a_moved_activity_is_told_to_the_organiser_with_how_many(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    for who in ("C3", "D4", "E5"):
        cast.sign_up(app, stage, who, now=utc_now())
    client, hike = client_for("A1"), facts(app, "outing").activities[0]
    day = (hike.starts_at + timedelta(days=1)).date().isoformat()

    answer = sent(
        client,
        f"{OUTING}/activities/{hike.id}",
        day=day,
        starts="09:00",
        ends="10:30",
        place="东门",
        schedule="moved",
    )

    assert (answer.status_code, "已发邮件告诉 3 人" in client.get(answer.location).text) == (303, True)


def test_closing_and_reopening_twice_is_once(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    client = client_for("A1")
    form = {"csrf_token": token_in(client.get(OUTING))}

    steps = [
        client.post(f"{OUTING}/{step}", data=form).status_code
        for step in ("closing", "closing", "reopening", "reopening")
    ]

    assert steps == [303] * 4
    assert sight.audit_actions(app, "campaign.")[-2:] == ["campaign.closed", "campaign.reopened"]


def test_a_published_campaign_is_not_deleted(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    answer = sent(client_for("A1"), OUTING, f"{OUTING}/deletion")

    assert (answer.status_code, "不能删除" in answer.text) == (409, True)
    assert sight.count(app, Campaign) == 1


def test_what_opens_later_says_when_and_offers_no_form(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    client = client_for("A1")
    plan = made(client, "再来一次", "copy:outing")
    slug = plan.rsplit("/", 1)[1]
    opens = (utc_now() + timedelta(days=1)).astimezone(facts(app, slug).zone)
    later = {"opens": "at", "opens_at": f"{opens:%Y-%m-%dT%H:%M}"}
    assert sent(client, f"{plan}/basics", **later).status_code == 303
    assert sent(client, plan, f"{plan}/publication").status_code == 303

    page, home = client_for("E5").get(f"/campaigns/{slug}").text, client_for("E5").get("/").text

    assert ("开始报名" in page, f"/campaigns/{slug}/registration" in page + home) == (True, False)
    assert f"{opens:%H:%M} 开始报名" in page


def test_the_overview_costs_as_much_for_three_campaigns_as_for_one(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    client, counts = client_for("B2"), list[int]()
    for title in ("", "健步走", "拔河"):
        if title:
            made(client, title)
        client.get("/manage")
        with statements(app) as seen:
            assert client.get("/manage").status_code == 200
        counts.append(len(seen))

    assert counts[0] == counts[1] == counts[2]


def test_a_kind_that_is_not_offered_is_not_there(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    client = client_for("A1")

    assert [client.get(f"{OUTING}/activities/new/{kind}").status_code for kind in ("award", "x", "hike")] == [
        404,
        404,
        200,
    ]


@pytest.mark.parametrize("typed", ["=1+1", "<script>alert(1)</script>", "{{ 7*7 }}", "%(n)s", "a" * 121])
def test_hostile_titles_stay_text(app: Flask, stage: Stage, client_for: ClientFor, typed: str) -> None:
    client = client_for("A1")
    page = client.get("/manage/new-campaign")
    form = {"csrf_token": token_in(page), "title": typed, "start": "blank:outing"}

    answer = client.post("/manage/new-campaign", data=form)
    shown = client.get(str(answer.location)) if answer.status_code == 303 else answer

    assert (typed in unescape(shown.text), "<script>alert(1)" in shown.text) == (True, False)
