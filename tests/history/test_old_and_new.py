"""The history of a campaign says what each setting was and what it became."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.campaigns import service as campaigns
from eventreg.campaigns import wording
from eventreg.campaigns.inputs import NewPool
from eventreg.campaigns.kinds.hike import Hike
from eventreg.campaigns.rules import PoolScope
from eventreg.campaigns.wording import LetterWords
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.core.trail import audit
from eventreg.registrations import capacity
from eventreg.reminders import service as reminders
from eventreg.reminders.rules import Anchor, AnchorSide, OffsetUnit, ReminderInput, ReminderTiming
from eventreg.season import reschedule
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.plan_pages import OUTING, ClientFor, organised, sent
from tests.rig.plans import as_new, do, facts

Said = list[tuple[str, str, str]]


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing; A1 organises it."""
    return organised(app)


def changes(client: FlaskClient, lang: str = "zh-CN") -> tuple[str, Said]:
    """What the newest entry of the history says: what was done, and each (what, old, new)."""
    page = client.get(f"{OUTING}/history", headers={"Accept-Language": lang}).text
    entry = page.split('<ol class="history">')[1].split("</li>")[0]
    done = re.search(r"<b>([^<]*)</b>", entry)
    assert done is not None
    rows = re.findall(
        r'<dt>(.*?)</dt><dd class="date-was">(.*?)</dd><dd class="date-now">(.*?)</dd>', entry, re.S
    )
    plain = [tuple(re.sub("<[^>]+>", "", unescape(cell)).strip() for cell in row) for row in rows]
    return unescape(done[1]), plain  # type: ignore[return-value]


def test_an_activity_s_place_hours_and_parameters(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    hike = next(a for a in facts(app, "outing").activities if a.kind == "hike")
    nine = hike.starts_at.replace(hour=9, minute=0, second=0, microsecond=0)
    hours = {"starts_at": nine, "ends_at": nine + timedelta(minutes=90), "time_known": True}
    wanted = as_new(hike, place="青龙湖东门", parameters=Hike(distance_m=2000), **hours)
    do(app, "outing", reschedule.change_activity, hike.id, wanted, now=utc_now())

    done, said = changes(client_for("A1"))

    assert done == "更改项目“徒步游”"
    known = {what: (old, new) for what, old, new in said}
    assert known["地点"] == ("没有", "青龙湖东门")
    assert known["至少走多远"] == ("1500", "2000")
    assert known["时间"][1].endswith("09:00 至 10:30")
    assert len(said) == 3


def test_the_number_of_places_and_its_bounds(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    bounds = [NewPool(PoolScope.TOTAL, 30), NewPool(PoolScope.GENDER, 10, gender="male")]
    do(app, "outing", capacity.change_places, bounds, now=utc_now())

    assert changes(client_for("A1"))[1] == [("总名额", "2", "30"), ("男职工名额", "不限", "10")]


def test_the_deadline_and_the_title(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    client = client_for("A1")
    shown = client.get(f"{OUTING}/basics").text
    kept = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', shown))
    notice = re.search(r'<textarea[^>]*name="notice"[^>]*>(.*?)</textarea>', shown, re.S)
    assert notice is not None
    fields = {n: v for n, v in kept.items() if n not in {"csrf_token", "version", "wall_names"}}
    fields |= {"title": "春游", "notice": notice[1].strip(), "lang": "zh-CN", "opens": "publication"}
    assert sent(client, f"{OUTING}/basics", **fields).status_code == 303

    done, said = changes(client)

    assert done == "更改活动说明"
    assert ("名称", "踏春嘉年华、健康伴我行", "春游") in said


def test_a_question(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    client = client_for("A1")
    with app.app_context():
        remark = next(q for q in campaigns.list_questions(stage.campaign_id) if q.key == "remark")
    at = f"{OUTING}/questions/{remark.id}"
    shown = client.get(at).text
    kept = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', shown))
    fields = {n: v for n, v in kept.items() if n not in {"csrf_token", "version", "required"}}
    assert sent(client, at, **fields | {"label": "饮食", "kind": remark.kind}).status_code == 303
    done, said = changes(client)

    assert done == "更改问题“备注”"
    assert ("题目", "备注", "饮食") in said


def test_entries_of_older_versions_have_no_lines(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    with app.app_context(), unit_of_work():
        audit.record(
            "campaign.question_changed", "campaign:1", actor=acting("test", utc_now()), question=1, was="手机"
        )

    assert changes(client_for("A1")) == ("更改问题", [])


def test_a_reminder_s_time_and_people(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    timing = ReminderTiming(Anchor.START, AnchorSide.BEFORE, 3, OffsetUnit.DAYS, time(9))
    added = do(app, "outing", reminders.add, ReminderInput("seated", timing), now=utc_now())
    wanted = ReminderInput("waiting", replace(timing, amount=2))
    do(app, "outing", reminders.change, added, wanted, now=utc_now())

    assert changes(client_for("A1"))[1] == [
        ("什么时候发", "活动开始前 3 天，09:00", "活动开始前 2 天，09:00"),
        ("发给谁", "报上的人", "候补的人"),
    ]


def test_the_words_of_a_letter(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    words = LetterWords("欢迎", ("请带水。",))
    do(app, "outing", wording.change, "registration_seated", {"zh-CN": words}, now=utc_now())

    assert changes(client_for("A1"))[1] == [("中文", "原文", "欢迎\n请带水。")]
