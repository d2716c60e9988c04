"""A plan's parts and life by page: rows, told and seated people, closing, opening later, costs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.campaigns.models import Campaign
from eventreg.core.clock import utc_now
from eventreg.people.units import list_units
from eventreg.web.app.current import TOKEN
from tests.rig import cast, sight
from tests.rig.cast import Stage
from tests.rig.clients import signed_in_client, token_in
from tests.rig.plan_pages import OUTING, made, organised, sent
from tests.rig.plans import facts
from tests.rig.seen_first import seen
from tests.rig.statements import statements

ClientFor = Callable[..., FlaskClient]


@pytest.fixture
def stage(app: Flask) -> Stage:
    """A1 organises the outing, B2 administers the house."""
    return organised(app)


def test_a_row_more_keeps_what_was_typed_and_saves_nothing(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    client = client_for("A1")
    with app.app_context():
        units = {path: str(id_) for id_, path in list_units()}
    typed = {"capacity": "12", "unit_0": units["营销部"], "places_0": "4"}

    answer = sent(client, f"{OUTING}/places", add="1", **typed)

    assert answer.status_code == 200
    assert 'name="unit_1"' in answer.text
    assert 'value="12"' in answer.text
    assert f'<option selected value="{units["营销部"]}">' in answer.text
    assert facts(app, "outing").total.capacity == 2  # type: ignore[union-attr]
    more = typed | {"unit_1": units["城关供电所"], "places_1": "3", "policy": "ceilings", "kept": "5"}
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
    assert seen(client, sent(client, f"{OUTING}/places", capacity="3")).status_code == 303

    assert "候补里有 1 人递补上了" in client.get(OUTING).text


def test_a_moved_activity_is_told_to_the_organiser_with_how_many(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    for who in ("C3", "D4", "E5"):
        cast.sign_up(app, stage, who, now=utc_now())
    client, hike = client_for("A1"), facts(app, "outing").activities[0]
    day = (hike.starts_at + timedelta(days=1)).date().isoformat()

    form_at = f"{OUTING}/activities/{hike.id}"
    moved = {"day": day, "starts": "09:00", "ends": "10:30", "place": "东门", "schedule": "moved"}
    preview = sent(client, form_at, **moved)
    answer = sent(client, form_at, **moved, asks="tell", step="send")

    assert "报上的 2 人，每人一封邮件" in preview.text
    assert answer.status_code == 303
    assert "已发邮件告诉 3 人" in client.get(answer.location).text


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

    assert answer.status_code == 409
    assert "不能删除" in answer.text
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

    assert "开始报名" in page
    assert f"/campaigns/{slug}/registration" not in page + home
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

    assert typed in unescape(shown.text)
    assert "<script>alert(1)" not in shown.text


@pytest.mark.parametrize(
    ("part", "typed"),
    [
        ("basics", {"intro": "写了很久的介绍", "audience": "全体"}),
        ("places", {"capacity": "77", "unit_0": "", "places_0": "5", "unit_1": "", "places_1": "66"}),
        ("questions/new", {"label": "从哪里上车", "kind": "phone"}),
        ("activities/new/contest", {"title": "拔河", "p_teams": "44"}),
    ],
)
def test_what_was_typed_is_there_after_signing_in_again(
    app: Flask, stage: Stage, part: str, typed: dict[str, str]
) -> None:
    client = signed_in_client(app, "A1", since=utc_now() - timedelta(hours=1))
    form = {"csrf_token": token_in(client.get("/help")), "version": "1"}

    assert client.post(f"{OUTING}/{part}", data=form | typed).location.startswith("/sign-in")
    with client.session_transaction() as session:
        session[TOKEN] = cast.begin_session(app, stage.people["A1"], now=utc_now())
    page = client.get(f"{OUTING}/{part}").text

    shown = re.sub(r"\?v=\w+", "", page)  # the marks of style sheets and scripts hold any digits
    assert [value for value in typed.values() if value not in shown] == []


def test_a_published_campaign_leads_to_its_roster_and_a_draft_does_not(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    client = client_for("A1")
    draft = made(client, "健步走")

    found = [f'href="{page}/roster"' in main_of(client.get(page).text) for page in (OUTING, draft)]

    assert found == [True, False]


def main_of(page: str) -> str:
    """The page without the links beside it."""
    return page.split("<main")[1]
