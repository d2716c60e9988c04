"""The page of group robots: added once, masked for good, tried, chosen for, silenced, taken away."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from eventreg.chat.models import Robot
from eventreg.core.db.session import db
from eventreg.outbox.models import Letter
from tests.rig import sight
from tests.rig.cast import Stage
from tests.rig.clients import signed_in_client
from tests.rig.plan_pages import OUTING, organised, sent

ROBOTS = f"{OUTING}/robots"
HOUSE = "/manage/robots"
KEY = "693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa"
ADDRESS = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"
ROBOT: dict[str, Any] = {
    "service": "wecom",
    "robot_name": "女工之家群",
    "address": ADDRESS,
    "news": ["activity", "places"],
}
ClientFor = Callable[..., FlaskClient]


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing; A1 organises it, B2 administers the house."""
    return organised(app)


def add(client: FlaskClient, page: str = ROBOTS, **changes: Any) -> TestResponse:
    """Fill the form in and send it."""
    return sent(client, page, **(ROBOT | changes))


def press(client: FlaskClient, what: str, page: str = ROBOTS, **fields: object) -> TestResponse:
    """Press a button of the one robot on a page."""
    found = re.search(rf'action="([^"]+/{what})"', client.get(page).text)
    assert found is not None
    return sent(client, page, found[1], **fields)


def rows(app: Flask) -> list[Robot]:
    """All robots there are."""
    with app.app_context():
        found = list(db.session.scalars(select(Robot).order_by(Robot.id)))
        db.session.expunge_all()
        db.session.rollback()
        return found


def test_an_address_is_shown_masked_and_kept_sealed(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    organiser = client_for("A1")
    answer = add(organiser)
    page = organiser.get(ROBOTS).text
    [robot] = rows(app)

    assert answer.status_code == 303
    assert "企业微信，qyapi.weixin.qq.com …5aaa" in page
    assert KEY not in page
    assert KEY.encode() not in (robot.address or b"")
    assert stage.keys.opened(robot.address or b"") == ADDRESS
    assert robot.secret is None
    assert robot.news == ["activity", "places"]
    assert robot.is_on is True
    assert sight.audit_actions(app, "campaign.robot") == ["campaign.robot_added"]
    history = organiser.get(f"{OUTING}/history").text
    assert "添加群机器人" in history
    assert KEY not in history


def test_adding_twice_adds_once(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    organiser = client_for("A1")

    assert [add(organiser).status_code, add(organiser).status_code] == [303, 303]
    assert len(rows(app)) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"address": "https://example.cn/hook-of-mine"}, "example.cn 不在允许的地址里"),
        ({"address": "http://qyapi.weixin.qq.com/cgi-bin/webhook"}, "以 https:// 开头"),
        ({"service": "feishu"}, "这个网址是另一家的机器人"),
        ({"news": []}, "请至少选一样"),
        ({"secret": "密钥"}, "密钥只含英文字母和数字"),
        ({"robot_name": ""}, "群叫什么"),
        ({"service": "slack"}, "哪一家"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_comes_back(
    sqlite_app: Flask, changes: dict[str, Any], said: str
) -> None:
    organised(sqlite_app)
    answer = add(signed_in_client(sqlite_app, "A1"), **changes)
    typed = str(changes.get("address", ADDRESS)).replace("&", "&amp;")

    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{typed}"' in answer.text
    assert rows(sqlite_app) == []


def test_somebody_who_saw_an_older_page_is_told_so(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    organiser = client_for("A1")
    answer = add(organiser, version="99")

    assert answer.status_code == 409
    assert "女工之家群" in answer.text
    assert rows(app) == []


def test_a_test_is_posted_once_until_it_went(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    organiser = client_for("A1")
    add(organiser)
    answers = [press(organiser, "test").status_code for _ in range(2)]
    with app.app_context():
        letters = db.session.execute(select(Letter.kind, Letter.channel, Letter.lane, Letter.state)).all()
        db.session.rollback()

    assert (answers, [tuple(row) for row in letters]) == ([303, 303], [("robot_test", "robot", 2, "queued")])
    assert "最近一条：等待发出" in organiser.get(ROBOTS).text
    board = organiser.get("/manage/letters").text
    assert "群里的测试消息" in board
    assert "女工之家群" in board


def test_a_robot_is_chosen_for_silenced_and_taken_away(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    organiser = client_for("A1")
    add(organiser)
    nothing = press(organiser, "news").status_code
    chosen = [press(organiser, "news", news=["message"]).status_code for _ in range(2)]
    off = press(organiser, "switch", on="0").status_code
    silent = "发测试消息" in organiser.get(ROBOTS).text
    gone = press(organiser, "removal").status_code
    [robot] = rows(app)

    assert nothing == 409
    assert chosen == [303, 303]
    assert off == 303
    assert silent is False
    assert gone == 303
    assert robot.news == ["message"]
    assert robot.is_on is False
    assert robot.address is None
    assert robot.tail == ""
    assert "女工之家群" not in organiser.get(ROBOTS).text
    assert sight.audit_actions(app, "campaign.robot") == [
        "campaign.robot_added",
        "campaign.robot_changed",
        "campaign.robot_switched",
        "campaign.robot_removed",
    ]


def test_the_house_has_robots_of_its_own_without_places(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    administrator = client_for("B2")
    add(administrator, HOUSE)
    [robot] = rows(app)

    assert (robot.campaign_id, robot.news) == (None, ["activity"])
    assert press(administrator, "switch", HOUSE, on="0").status_code == 303
    assert sight.audit_actions(app, "season.robot") == ["season.robot_added", "season.robot_switched"]
    assert "女工之家群" not in client_for("A1").get(ROBOTS).text
    assert client_for("A1").get(HOUSE).status_code == 404
