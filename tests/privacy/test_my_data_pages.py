"""One's own data by page: seen, corrected, downloaded; browsers signed out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.accounts import sessions
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.people import service as people
from tests.rig import cast, sight
from tests.rig.cast import Stage
from tests.rig.clients import send, token_in

DATA = "/my/data"
ANDROID = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing, open since an hour."""
    return cast.set_stage(app, now=cast.lately())


def test_the_page_tells_what_she_did_and_typed(stage: Stage, client_for: Callable[..., FlaskClient]) -> None:
    client = client_for("A1")
    send(client, "/campaigns/outing/registration", phone="13800138000", remark="请留前排")

    page = client.get(DATA).text

    for words in (
        "安娜",
        "营销部 客户服务班",
        "手机号：13800138000",
        "备注：请留前排",
        "同意个人信息说明（2027-01 版）",
        "报名，编号 1",
        "你自己",
    ):
        assert words in page


def test_the_download_is_the_whole_of_it(stage: Stage, client_for: Callable[..., FlaskClient]) -> None:
    client = client_for("A1")
    send(client, "/campaigns/outing/registration", remark="请留前排")

    answer = client.get("/my/data.json")

    told = json.loads(answer.text)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert (told["person"][0]["name"], told["registrations"][0]["arrival"]) == ("安娜", 1)
    assert [a["value"] for a in told["answers"] if a["value"]] == ["请留前排"]


def test_her_phone_is_corrected_and_on_record(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    client = client_for("A1")

    answer = client.post(
        "/my/data/phone", data={"csrf_token": token_in(client.get(DATA)), "phone": " 138 0013 8000 "}
    )

    with app.app_context():
        assert (answer.status_code, people.person_facts(stage.people["A1"]).phone) == (303, "13800138000")
    assert sight.audit_actions(app, "people.corrected") == ["people.corrected"]


def test_a_phone_that_is_none_comes_back_as_typed(
    stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    client = client_for("A1")

    answer = client.post("/my/data/phone", data={"csrf_token": token_in(client.get(DATA)), "phone": "12x"})

    assert answer.status_code == 422
    assert 'value="12x"' in answer.text
    assert "电话写 11 位手机号" in answer.text


def test_one_browser_is_signed_out_and_this_one_is_not(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    here, there, third = (client_for("A1") for _ in range(3))
    page = here.get(DATA)
    ends = re.findall(r'action="(/my/sessions/\d+/end)"', page.text)

    assert len(ends) == 2
    assert "就是这个浏览器" in page.text
    assert here.post(ends[1], data={"csrf_token": token_in(page)}).status_code == 303
    assert [client.get("/my").status_code for client in (here, there, third)] == [200, 302, 200]
    assert here.post(ends[1], data={"csrf_token": token_in(page)}).status_code == 303  # a double click
    assert here.post("/my/sessions/end-others", data={"csrf_token": token_in(page)}).status_code == 303
    assert [client.get("/my").status_code for client in (here, there, third)] == [200, 302, 302]
    assert sight.audit_actions(app, "sign_in.ended") == ["sign_in.ended"] * 2


def test_another_s_browser_is_as_unknown_as_one_that_is_not_there(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    hers, other = client_for("A1"), client_for("B2")
    token = token_in(other.get(DATA))
    with app.app_context():
        (session,) = sessions.list_alive(stage.people["A1"], now=utc_now())

    answers = [
        other.post(f"/my/sessions/{id_}/end", data={"csrf_token": token}) for id_ in (session.id, 99999)
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert hers.get("/my").status_code == 200


def test_browsers_are_told_apart_in_words(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    with app.app_context(), unit_of_work():
        sessions.begin(stage.people["A1"], browser=ANDROID, way="code", now=utc_now())

    page = client_for("A1").get(DATA).text

    assert "Chrome，Android" in page
    assert "认不出的浏览器" in page
