"""An administrator's pages about people: search, correction by hand, sign-outs, roles."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventreg.accounts import grants, sessions
from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.people import service as people
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.clients import token_in
from tests.rig.statements import statements

ADMINISTRATOR = "F6"
PEOPLE = "/manage/people"


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing, open since an hour, and an administrator."""
    set_up = cast.set_stage(app, extra=50, now=cast.lately())
    _grant(app, set_up.people[ADMINISTRATOR], Role.ADMINISTRATOR)
    return set_up


@pytest.fixture
def administrator(stage: Stage, client_for: Callable[..., FlaskClient]) -> FlaskClient:
    """The administrator's browser."""
    return client_for(ADMINISTRATOR)


def _grant(app: Flask, person_id: int, role: Role, *, unit_id: int | None = None) -> None:
    with app.app_context(), unit_of_work():
        since = utc_now() - timedelta(minutes=5)
        grants.grant(person_id, role, unit_id=unit_id, actor=acting("test", since))


def _send(client: FlaskClient, path: str, page: str, **fields: object) -> TestResponse:
    return client.post(path, data={"csrf_token": token_in(client.get(page))} | fields)


def _found(client: FlaskClient, query: str) -> list[str]:
    page = client.get(f"{PEOPLE}?{query}")
    assert page.status_code == 200
    return re.findall(r'<a href="/manage/people/\d+">([^<]*)</a>', page.text)


def _roles(app: Flask, person_id: int) -> frozenset[Role]:
    with app.app_context():
        now = utc_now()
        return grants.roles_of(person_id, now=now) | campaign_grants.roles_of(person_id, now=now)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=雨桐", ["陈雨桐"]),
        ("q=c3", ["陈雨桐"]),
        ("q=a1@exa", ["安娜"]),
        ("q=%25%25", []),
        ("q=__", []),
        ("q=雨", []),
        ("q=", []),
        ("", []),
        ("q=%27%3B--", []),
        ("unit=x", []),
        ("unit=999999", []),
    ],
)
def test_a_search_needs_two_letters_and_takes_them_as_they_are(
    administrator: FlaskClient, query: str, found: list[str]
) -> None:
    assert _found(administrator, query) == found


def test_one_letter_is_answered_with_what_to_do(administrator: FlaskClient) -> None:
    assert "请至少写 2 个字，或者选一个单位" in administrator.get(f"{PEOPLE}?q=雨").text


def test_a_unit_stands_for_all_below_it(administrator: FlaskClient) -> None:
    unit = re.findall(r'<option value="(\d+)"[^>]*>营销部</option>', administrator.get(PEOPLE).text)[0]

    assert _found(administrator, f"unit={unit}") == ["安娜", "薄言", "陈雨桐"]


def test_twenty_stand_on_a_page_and_its_links_keep_the_search(administrator: FlaskClient) -> None:
    first = administrator.get(f"{PEOPLE}?q=职工")

    assert "找到 50 人" in first.text
    assert 'href="/manage/people?page=2&amp;q=%E8%81%8C%E5%B7%A5"' in first.text
    assert [len(_found(administrator, f"q=职工&page={n}")) for n in (1, 2, 3, 9)] == [20, 20, 10, 10]


def test_a_search_takes_as_many_statements_for_three_as_for_one(
    app: Flask, administrator: FlaskClient
) -> None:
    counts = []
    for query in ("q=雨桐", "q=职工"):
        with statements(app) as seen:
            administrator.get(f"{PEOPLE}?{query}")
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_a_mail_address_is_set_by_hand_and_on_record(
    app: Flask, stage: Stage, administrator: FlaskClient
) -> None:
    page = f"{PEOPLE}/{stage.people['D4']}"

    answer = _send(administrator, f"{page}/email", page, email=" Deng.Li@Example.CN ")

    with app.app_context():
        assert people.person_facts(stage.people["D4"]).email == "deng.li@example.cn"
    assert answer.status_code == 303
    assert sight.audit_actions(app, "people.corrected") == ["people.corrected"]


@pytest.mark.parametrize(
    ("email", "said"),
    [("nobody", "邮箱写得不完整"), ("a1@example.cn", "这个邮箱名册里已经有人用了")],
)
def test_a_mail_address_that_cannot_be_comes_back_as_typed(
    app: Flask, stage: Stage, administrator: FlaskClient, email: str, said: str
) -> None:
    page = f"{PEOPLE}/{stage.people['D4']}"

    answer = _send(administrator, f"{page}/email", page, email=email)

    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{email}"' in answer.text
    assert sight.audit_actions(app, "people.corrected") == []


def test_all_her_browsers_are_signed_out_at_once(
    app: Flask, stage: Stage, administrator: FlaskClient, client_for: Callable[..., FlaskClient]
) -> None:
    hers, page = [client_for("A1"), client_for("A1")], f"{PEOPLE}/{stage.people['A1']}"

    answer = _send(administrator, f"{page}/sessions/end", page)

    assert answer.status_code == 303
    assert [client.get("/my").status_code for client in hers] == [302, 302]
    with app.app_context():
        assert sessions.list_alive(stage.people["A1"], now=utc_now()) == []


def test_a_role_is_given_for_a_unit_with_a_last_day_and_ended(
    app: Flask, stage: Stage, administrator: FlaskClient
) -> None:
    page = f"{PEOPLE}/{stage.people['A1']}"
    unit = re.findall(r'<option value="(\d+)"[^>]*>营销部</option>', administrator.get(page).text)[0]
    last = f"{utc_now() + timedelta(days=30):%Y-%m-%d}"

    given = _send(administrator, f"{page}/grants", page, role="unit_contact", unit=unit, until=last)

    assert given.status_code == 303
    assert _roles(app, stage.people["A1"]) == {Role.UNIT_CONTACT}
    shown = administrator.get(page).text
    assert "单位联系人" in shown
    assert "由傅真授予" in shown
    end = re.findall(rf'action="({page}/grants/\d+/end)"', shown)[0]
    assert _send(administrator, end, page).status_code == 303
    assert _roles(app, stage.people["A1"]) == frozenset()
    assert _send(administrator, end, page).status_code == 303  # a double click
    assert sight.audit_actions(app, "role.")[-2:] == ["role.granted", "role.ended"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "还没有选角色"),
        ({"role": "queen"}, "还没有选角色"),
        ({"role": "unit_contact"}, "这个角色要指定单位"),
        ({"role": "judge"}, "这个角色要指定活动"),
        ({"role": "judge", "campaign": "nowhere"}, "没有找到"),
        ({"role": "hr_reviewer", "until": "2020-01-01"}, "结束日期要晚于开始日期"),
        ({"role": "hr_reviewer", "since": "tomorrow"}, "日期按 2027-03-08 这样写"),
        ({"role": "hr_reviewer", "since": "2027-02-30"}, "日期按 2027-03-08 这样写"),
        ({"role": "hr_reviewer", "since": "0001-01-01"}, "日期按 2027-03-08 这样写"),
        ({"role": "hr_reviewer", "until": "9999-12-31"}, "日期按 2027-03-08 这样写"),
    ],
)
def test_a_role_that_cannot_be_given_is_said_at_its_field(
    app: Flask, stage: Stage, administrator: FlaskClient, fields: dict[str, str], said: str
) -> None:
    page = f"{PEOPLE}/{stage.people['A1']}"

    answer = _send(administrator, f"{page}/grants", page, **fields)

    assert answer.status_code == 422
    assert said in answer.text
    assert _roles(app, stage.people["A1"]) == frozenset()


def test_a_role_that_is_held_is_not_given_twice(app: Flask, stage: Stage, administrator: FlaskClient) -> None:
    page = f"{PEOPLE}/{stage.people['A1']}"
    wish = {"role": "organiser", "campaign": "outing"}

    answers = [_send(administrator, f"{page}/grants", page, **wish).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert sight.audit_actions(app, "role.granted").count("role.granted") == 2  # the administrator's too
    assert _roles(app, stage.people["A1"]) == {Role.ORGANISER}


def test_whoever_left_is_given_no_role(app: Flask, stage: Stage, administrator: FlaskClient) -> None:
    sight.leave(app, stage.people["A1"])
    page = f"{PEOPLE}/{stage.people['A1']}"

    assert "已离职" in administrator.get(page).text
    assert "授予一个角色" not in administrator.get(page).text
    assert _send(administrator, f"{page}/grants", page, role="hr_reviewer").status_code == 404


def test_the_last_administrator_stays(app: Flask, stage: Stage, administrator: FlaskClient) -> None:
    me = stage.people[ADMINISTRATOR]
    page = f"{PEOPLE}/{me}"
    end = re.findall(rf'action="({page}/grants/\d+/end)"', administrator.get(page).text)[0]

    answer = _send(administrator, end, page)

    assert answer.status_code == 409
    assert "这是最后一位管理员" in answer.text
    assert _roles(app, me) == {Role.ADMINISTRATOR}
    _grant(app, stage.people["A1"], Role.ADMINISTRATOR)
    assert _send(administrator, end, page).status_code == 303
    assert administrator.get(PEOPLE).status_code == 404


def test_an_administrator_who_left_or_ends_tomorrow_does_not_count(
    app: Flask, stage: Stage, administrator: FlaskClient
) -> None:
    page = f"{PEOPLE}/{stage.people[ADMINISTRATOR]}"
    end = re.findall(rf'action="({page}/grants/\d+/end)"', administrator.get(page).text)[0]
    _grant(app, stage.people["A1"], Role.ADMINISTRATOR)
    sight.leave(app, stage.people["A1"])
    with app.app_context(), unit_of_work():
        soon = utc_now() + timedelta(hours=20)
        grants.grant(
            stage.people["B2"], Role.ADMINISTRATOR, unit_id=None, actor=acting("test", utc_now()), until=soon
        )

    assert _send(administrator, end, page).status_code == 409


def test_her_page_lists_her_letters_and_her_history(
    app: Flask, stage: Stage, administrator: FlaskClient
) -> None:
    cast.sign_up(app, stage, "A1", now=utc_now())
    page = f"{PEOPLE}/{stage.people['A1']}"

    shown, history = administrator.get(page).text, administrator.get(f"{page}/history").text

    assert "安娜 a1@example.cn" in shown
    assert "等待发出" in shown
    assert "报名，编号 1" in history
    assert "加入职工名册" in history


def test_nobody_is_found_under_an_unknown_number(administrator: FlaskClient) -> None:
    paths = ["", "/history", "/email", "/grants", "/sessions/end", "/grants/1/end", "/campaign-grants/1/end"]
    page = administrator.get(PEOPLE)
    asked = [administrator.get(f"{PEOPLE}/99999{path}").status_code for path in paths[:2]]
    asked += [
        administrator.post(f"{PEOPLE}/99999{path}", data={"csrf_token": token_in(page)}).status_code
        for path in paths[2:]
    ]

    assert asked == [404] * 7
