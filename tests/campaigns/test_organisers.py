"""Organisers name organisers of their own campaign, and the last one stays."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.clients import token_in

PAGE = "/manage/campaigns/outing/organisers"


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing and its organiser."""
    set_up = cast.set_stage(app, now=cast.lately())
    with app.app_context(), unit_of_work():
        since = utc_now() - timedelta(minutes=5)
        campaign_grants.grant(set_up.people["F6"], Role.ORGANISER, "outing", actor=acting("console", since))
        campaign_grants.grant(set_up.people["E5"], Role.JUDGE, "outing", actor=acting("console", since))
    return set_up


@pytest.fixture
def organiser(stage: Stage, client_for: Callable[..., FlaskClient]) -> FlaskClient:
    """The organiser's browser."""
    return client_for("F6")


def post(client: FlaskClient, path: str = PAGE, **fields: str) -> TestResponse:
    """Send a form of the page."""
    return client.post(path, data={"csrf_token": token_in(client.get(PAGE))} | fields)


def names(client: FlaskClient) -> list[str]:
    """Who organises, as the page lists it."""
    return re.findall(r'record-what"><strong[^>]*>([^<]*)</strong>', client.get(PAGE).text)


def ends(client: FlaskClient) -> list[str]:
    """The addresses that the page's buttons send to."""
    return re.findall(rf'action="({PAGE}/\d+/end)"', client.get(PAGE).text)


def test_a_named_colleague_organises_at_once_and_until_the_last_day(
    app: Flask, stage: Stage, organiser: FlaskClient, client_for: Callable[..., FlaskClient]
) -> None:
    last = utc_now() + timedelta(days=9)

    assert post(organiser, staff_no=" a1 ", until=f"{last:%Y-%m-%d}").status_code == 303

    assert names(organiser) == ["傅真", "安娜"]
    assert names(client_for("A1")) == ["傅真", "安娜"]
    with app.app_context():
        held = campaign_grants.list_in(stage.campaign_id, now=utc_now())[-1]
    assert held.by == f"person:{stage.people['F6']}"
    assert (held.until or last) - last < timedelta(days=2)


def test_an_organiser_whose_role_was_ended_is_out_at_once(
    app: Flask, stage: Stage, organiser: FlaskClient, client_for: Callable[..., FlaskClient]
) -> None:
    post(organiser, staff_no="A1")
    other = client_for("A1")

    gone = ends(organiser)[1]

    assert post(organiser, gone).status_code == 303

    assert (names(organiser), other.get(PAGE).status_code) == (["傅真"], 404)
    assert post(organiser, gone).status_code == 303  # a double click
    assert sight.audit_actions(app, "role.")[-2:] == ["role.granted", "role.ended"]


def test_the_last_organiser_stays(stage: Stage, organiser: FlaskClient) -> None:
    answer = post(organiser, ends(organiser)[0])

    assert answer.status_code == 409
    assert "这是最后一位组织者" in answer.text
    assert names(organiser) == ["傅真"]


def test_who_has_left_the_company_is_nobody_who_stays(
    app: Flask, stage: Stage, organiser: FlaskClient
) -> None:
    post(organiser, staff_no="A1")
    sight.leave(app, stage.people["A1"])

    assert post(organiser, ends(organiser)[0]).status_code == 409
    assert names(organiser)[0] == "傅真"


def test_a_judge_is_nobody_that_an_organiser_ends(app: Flask, stage: Stage, organiser: FlaskClient) -> None:
    with app.app_context():
        judge = campaign_grants.list_of(stage.people["E5"])[0].id

    assert post(organiser, f"{PAGE}/{judge}/end").status_code == 404


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "这一项还没有填"),
        ({"staff_no": "ZZ99"}, "名册里没有工号 ZZ99 的在职职工"),
        ({"staff_no": "A1", "until": "2020-01-01"}, "结束日期要晚于开始日期"),
        ({"staff_no": "A1", "since": "soon"}, "日期按 2027-03-08 这样写"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_stays_typed(
    stage: Stage, organiser: FlaskClient, fields: dict[str, str], said: str
) -> None:
    answer = post(organiser, **fields)

    assert answer.status_code == 422
    assert said in answer.text
    assert all(f'value="{typed}"' in answer.text for typed in fields.values())


def test_whoever_organises_already_is_not_named_twice(stage: Stage, organiser: FlaskClient) -> None:
    answers = [post(organiser, staff_no="A1").status_code for _ in range(2)]

    assert (answers, names(organiser)) == ([303, 303], ["傅真", "安娜"])
