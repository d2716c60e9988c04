"""Who did what and when, told in words: of a campaign, of a registration, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants, writing
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.core.trail import audit
from eventreg.venue import devices
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.clients import send, token_in

OUTING = "/manage/campaigns/outing"


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing with one place, and its organiser."""
    set_up = cast.set_stage(app, capacity=1, now=cast.lately())
    with app.app_context(), unit_of_work():
        since = utc_now() - timedelta(minutes=5)
        campaign_grants.grant(set_up.people["F6"], Role.ORGANISER, "outing", actor=acting("console", since))
    return set_up


@pytest.fixture
def organiser(stage: Stage, client_for: Callable[..., FlaskClient]) -> FlaskClient:
    """The organiser's browser."""
    return client_for("F6")


def told(client: FlaskClient, path: str) -> list[tuple[str, str]]:
    """(what, who) of the entries on a page."""
    page = client.get(path)
    assert page.status_code == 200
    return re.findall(r"</time><b>([^<]*)</b><p>([^<]*)</p>", page.text)


def test_a_campaign_s_history_names_who_did_what(app: Flask, stage: Stage, organiser: FlaskClient) -> None:
    with app.app_context():
        with unit_of_work():
            code = devices.invite(
                stage.campaign_id, "door", "东门", actor=acting(stage.people["F6"], utc_now())
            )
        with unit_of_work():
            devices.pair(code, now=utc_now())
    token = token_in(organiser.get(f"{OUTING}/roster"))
    organiser.post(f"{OUTING}/roster.xlsx", data={"csrf_token": token}, buffered=True)

    assert told(organiser, f"{OUTING}/history") == [
        ("导出报名名单，共 0 人", "傅真"),
        ("配对签到手机", "傅真"),
        ("生成签到手机的配对码", "傅真"),
        ("授予角色：组织者（傅真）", "控制台"),
        ("发布了活动", "test"),
    ]


def test_another_campaign_s_roles_are_not_told(app: Flask, stage: Stage, organiser: FlaskClient) -> None:
    with app.app_context(), unit_of_work():
        writing.publish(
            cast.outing(3, slug="other"),
            season_id=1,
            notice_id=stage.notice_id,
            actor=acting("test", utc_now()),
        )
        campaign_grants.grant(stage.people["F6"], Role.JUDGE, "other", actor=acting("console", utc_now()))

    assert [what for what, _ in told(organiser, f"{OUTING}/history")] == [
        "授予角色：组织者（傅真）",
        "发布了活动",
    ]


def test_a_registration_s_history_is_found_from_its_line_in_the_roster(
    app: Flask, stage: Stage, organiser: FlaskClient, client_for: Callable[..., FlaskClient]
) -> None:
    for who in ("A1", "B2"):
        send(client_for(who), "/campaigns/outing/registration")
    cast.withdraw(app, stage, "A1", now=utc_now())
    links = re.findall(
        rf'href="({OUTING}/registrations/\d+/history)"', organiser.get(f"{OUTING}/roster").text
    )

    assert [told(organiser, link) for link in links] == [
        [("退出，原来已报上", "test"), ("报名，编号 1", "安娜")],
        [("候补转为已报上", "系统"), ("报名，编号 2", "薄言")],
    ]


def test_english_tells_the_same(app: Flask, stage: Stage, organiser: FlaskClient) -> None:
    with organiser.session_transaction() as session:
        session["language"] = "en"

    page = organiser.get(f"{OUTING}/history").text

    assert "Granted a role: Organiser (傅真)" in page
    assert "Console" in page


def test_a_registration_of_another_campaign_is_unknown(
    app: Flask, stage: Stage, organiser: FlaskClient
) -> None:
    made = cast.sign_up(app, stage, "A1", now=utc_now())
    with app.app_context(), unit_of_work():
        writing.publish(
            cast.outing(3, slug="other"),
            season_id=1,
            notice_id=stage.notice_id,
            actor=acting("test", utc_now()),
        )
        campaign_grants.grant(stage.people["F6"], Role.ORGANISER, "other", actor=acting("console", utc_now()))
    paths = [
        f"/manage/campaigns/{slug}/registrations/{id_}/history"
        for slug, id_ in (("outing", made.id), ("other", made.id), ("outing", 999))
    ]

    assert [organiser.get(path).status_code for path in paths] == [200, 404, 404]


def test_a_long_history_goes_on_on_the_next_page(app: Flask, stage: Stage, organiser: FlaskClient) -> None:
    with app.app_context(), unit_of_work():
        for n in range(60):
            audit.record(
                "roster.exported",
                f"campaign:{stage.campaign_id}",
                actor=acting("console", utc_now()),
                count=n,
            )
    page = organiser.get(f"{OUTING}/history")
    (more,) = re.findall(rf'href="({OUTING}/history\?before=\d+)"', page.text)

    counts = [len(told(organiser, path)) for path in (f"{OUTING}/history", more)]
    assert counts == [50, 12]
