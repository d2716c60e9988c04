"""The pages of a plan: what was typed comes back, what is not hers is not there, twice is once."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.accounts import grants as house
from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.campaigns.models import Campaign
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.people import service as people
from tests.api.program import Program, token_for
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.clients import token_in
from tests.rig.plan_pages import OUTING, made, organised, sent
from tests.rig.plans import facts

ClientFor = Callable[..., FlaskClient]


@pytest.fixture
def stage(app: Flask) -> Stage:
    """A1 organises the outing, B2 administers the house."""
    return organised(app)


def test_an_empty_product_leads_from_season_to_campaign(app: Flask, client_for: ClientFor) -> None:
    with app.app_context(), unit_of_work():
        people.import_roster(cast.roster_rows(), company="禾川农电", actor=acting("test", utc_now()))
    with app.app_context():
        admin = people.get_person_by_staff_no("B2").id
        with unit_of_work():
            house.grant(admin, Role.ADMINISTRATOR, unit_id=None, actor=acting("test", utc_now()))
    client = client_for("B2")
    before = client.get("/manage")

    assert "还没有活动季" in before.text
    assert client.get("/manage/new-campaign").status_code == 302
    bad = sent(client, "/manage/season", brand="", owner="党群工作部", lead="写好的一句话")
    assert bad.status_code == 422
    assert "还没有填，请补上" in bad.text
    assert "写好的一句话" in bad.text
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
        campaign_grants.grant(stage.people["C3"], Role.ORGANISER, "outing", actor=acting("test", utc_now()))
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

    assert "别人的草稿" not in page.text
    assert answer.status_code == 422
    assert "抄一份" in answer.text


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

    assert "发布活动" not in page.text
    assert "还没有介绍" in page.text
    assert answer.status_code == 409
    assert "还不能发布" in answer.text


@pytest.mark.parametrize(
    ("part", "fields", "said"),
    [
        ("basics", {"title": "", "intro": "写了很久的介绍"}, "还没有填，请补上"),
        ("basics", {"closes_at": "明天", "intro": "写了很久的介绍"}, "请写日期和时间"),
        ("places", {"capacity": "三十", "policy": "ceilings", "kept": "7"}, "请写一个整数"),
        ("places", {"capacity": "5", "policy": "ceilings", "kept": "7"}, "最多留 5 个"),
        ("places", {"capacity": "", "policy": "ceilings", "kept": "7"}, "要留名额，先在上面写总名额"),
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
    assert answer.status_code == 422
    assert said in unescape(answer.text)
    assert kept == []
    assert facts(app, before.slug) == before


def test_a_lost_update_is_refused_with_the_text_and_saved_on_insisting(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    first, second = client_for("A1"), client_for("B2")
    page = second.get(f"{OUTING}/basics")
    old = {"csrf_token": token_in(page), "version": facts(app, "outing").version}
    assert sent(first, f"{OUTING}/basics", title="第一个人写的").status_code == 303

    answer = second.post(f"{OUTING}/basics", data=old | {"title": "第二个人写的"})

    assert answer.status_code == 409
    assert "刚才有人改过" in answer.text
    assert "第二个人写的" in answer.text
    assert facts(app, "outing").title == "第一个人写的"
    new = old | {"version": facts(app, "outing").version}
    assert f'value="{new["version"]}"' in answer.text
    assert second.post(f"{OUTING}/basics", data=new | {"title": "第二个人写的"}).status_code == 303


@pytest.mark.parametrize(
    ("form_at", "name", "others"),
    [
        (
            "activities/new/hike",
            "title",
            {"day": "2027-03-04", "schedule": "tentative", "p_distance_m": "900"},
        ),
        ("questions/new", "label", {"kind": "text"}),
    ],
)
def test_a_part_for_a_page_that_somebody_overtook_is_not_added(
    app: Flask, stage: Stage, client_for: ClientFor, form_at: str, name: str, others: dict[str, str]
) -> None:
    first, second = client_for("A1"), client_for("A1")
    at = made(first)
    typed = {name: "第二个人写的", "p_limit_min": "20"} | others
    page = second.get(f"{at}/{form_at}")
    old = {"csrf_token": token_in(page), "version": facts(app, at.rsplit("/", 1)[1]).version}
    assert sent(first, f"{at}/questions/new", label="第一个人写的", kind="text").status_code == 303

    refused = second.post(f"{at}/{form_at}", data=old | typed)
    wrong = second.post(f"{at}/{form_at}", data=old | typed | {name: ""})

    assert refused.status_code == 409
    assert "刚才有人改过" in refused.text
    assert "第二个人写的" in refused.text
    assert wrong.status_code == 422
    again = old | {"version": facts(app, at.rsplit("/", 1)[1]).version}
    assert second.post(f"{at}/{form_at}", data=again | typed).status_code == 303
    assert second.get(f"{at}/{form_at.split('/')[0]}").text.count("第二个人写的") > 0
