"""The administrator's page of API tokens: made and shown once, listed, revoked at once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.accounts import api_tokens, grants
from eventreg.accounts.models import ApiToken
from eventreg.accounts.rules import ApiScope, Role
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from tests.rig import sight
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.clients import send, token_in
from tests.rig.statements import statements

PAGE = "/manage/tokens"
GOOD: dict[str, object] = {
    "token_name": "门禁",
    "scopes": ["campaigns", "scans"],
    "owner": "陈雨桐",
    "days": "90",
}


@pytest.fixture
def administrator(app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]) -> FlaskClient:
    """The administrator's browser."""
    with app.app_context(), unit_of_work():
        grants.grant(stage.people["C3"], Role.ADMINISTRATOR, unit_id=None, actor=acting("test", utc_now()))
    return client_for("C3")


def shown(text: str) -> list[str]:
    """The tokens that a page shows."""
    return re.findall(r'<div class="token-made">.*?<code>([^<]+)</code>', text)


def test_a_token_is_shown_once_and_opens_its_scopes(app: Flask, administrator: FlaskClient) -> None:
    made = send(administrator, PAGE, PAGE, **GOOD)
    [token] = shown(made.text)
    program = app.test_client()
    headers = {"Authorization": f"Bearer {token}"}
    asked = [
        program.get("/api/v1/campaigns", headers=headers).status_code,
        program.get("/api/v1/campaigns/outing/registrations", headers=headers).status_code,
    ]

    assert (made.status_code, made.headers["Cache-Control"], asked) == (200, "no-store", [200, 403])
    page = administrator.get(PAGE).text
    assert shown(page) == []
    assert token not in page
    assert "门禁" in page
    assert "负责人 陈雨桐" in page
    assert sight.audit_actions(app, "api_token") == ["api_token.made"]


def test_a_revoked_token_is_nobody_s_at_the_next_call(app: Flask, administrator: FlaskClient) -> None:
    [token] = shown(send(administrator, PAGE, PAGE, **GOOD).text)
    with app.app_context():
        address = f"{PAGE}/{api_tokens.list_tokens()[0].id}/revocation"
    form = {"csrf_token": token_in(administrator.get(PAGE))}

    answers = [administrator.post(address, data=form).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert "已作废" in administrator.get(PAGE).text
    headers = {"Authorization": f"Bearer {token}"}
    assert app.test_client().get("/api/v1/campaigns", headers=headers).status_code == 401
    assert sight.audit_actions(app, "api_token") == ["api_token.made", "api_token.revoked"]
    assert administrator.post(f"{PAGE}/999999/revocation", data=form).status_code == 404


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"token_name": " "}, "令牌的名字写 1 到 60 个字"),
        ({"token_name": "x" * 61}, "令牌的名字写 1 到 60 个字"),
        ({"scopes": []}, "令牌至少要有一个权限范围"),
        ({"scopes": ["everything"]}, "令牌至少要有一个权限范围"),
        ({"days": "0"}, "有效期写 1 到 3650 天"),
        ({"days": "３０"}, "有效期写 1 到 3650 天"),
        ({"days": "99999999"}, "有效期写 1 到 3650 天"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_comes_back(
    app: Flask, administrator: FlaskClient, change: dict[str, object], said: str
) -> None:
    answer = send(administrator, PAGE, PAGE, **(GOOD | {"owner": "找 8206 <b>"} | change))

    assert answer.status_code == 422
    assert said in answer.text
    assert shown(answer.text) == []
    assert 'value="找 8206 &lt;b&gt;"' in answer.text
    assert ('value="scans" checked' in answer.text) == ("scopes" not in change)
    assert sight.count(app, ApiToken) == 0


def test_a_second_one_of_the_same_name_is_refused(app: Flask, administrator: FlaskClient) -> None:
    answers = [send(administrator, PAGE, PAGE, **GOOD) for _ in range(2)]

    assert [a.status_code for a in answers] == [200, 422]
    assert "已有同名的令牌" in answers[1].text
    assert sight.count(app, ApiToken) == 1


def test_the_list_takes_as_many_statements_for_three_as_for_one(
    app: Flask, administrator: FlaskClient
) -> None:
    counts = []
    for name in ("a", "b", "c"):
        with app.app_context(), unit_of_work():
            api_tokens.make(name, [ApiScope.SCANS], owner="", actor=acting("test", utc_now()))
        with statements(app) as seen:
            assert administrator.get(PAGE).status_code == 200
        counts.append(len(seen))

    assert len(set(counts)) == 1


def test_only_an_administrator_finds_the_way_there(
    app: Flask, administrator: FlaskClient, client_for: Callable[..., FlaskClient]
) -> None:
    others = client_for("A1")

    assert [f'href="{PAGE}"' in administrator.get("/manage").text, others.get(PAGE).status_code] == [
        True,
        404,
    ]
