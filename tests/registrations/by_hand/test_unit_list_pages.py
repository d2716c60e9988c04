"""By page: a contact pastes staff numbers, sees what each would get, and enters them once."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.rig import cast, sight
from tests.rig.cast import Stage
from tests.rig.clients import token_in
from tests.rig.plan_pages import ClientFor
from tests.season.forum import contact

from .hands import acts

AT = "/unit/sign-ups/outing"


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing with two places; F6 is the contact of 营销部."""
    found = cast.set_stage(app, now=cast.lately())
    contact(app, found, "F6", "营销部", now=cast.lately())
    return found


def press(client: FlaskClient, numbers: str, act: str = "look", **more: object) -> tuple[int, str]:
    form = {"csrf_token": token_in(client.get(AT)), "numbers": numbers, "act": act, **more}
    answer = client.post(AT, data=form)
    return answer.status_code, answer.text


def looked_at(text: str) -> dict[str, object]:
    """The fields that the preview carries."""
    tag = re.search(r'<input[^>]*name="looked"[^>]*>', text)
    assert tag is not None
    looked = re.search(r'value="([^"]+)"', tag[0])
    assert looked is not None
    return {"looked": looked[1], "person": re.findall(r'name="person" value="(\d+)"', text)}


def test_a_list_is_previewed_and_entered_once(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    me = client_for("F6")
    assert f'href="{AT}"' in me.get("/unit/sign-ups").text

    status, text = press(me, "A1 安娜\nC3\nB2")
    assert (status, sight.places(app)) == (200, {})
    assert [text.count("报上</span>") >= 2 or "报上" in text, "候补第 1 位" in text] == [True, True]
    carried = looked_at(text)
    statuses = [press(me, "A1 安娜\nC3\nB2", "enter", **carried)[0] for _ in range(2)]

    assert statuses == [303, 303]
    assert sight.places(app) == {"A1": "seated", "C3": "seated", "B2": "waiting"}
    assert len(acts(app)) == 3
    assert "单位统一报名" in app.test_client().get("/campaigns/outing/order").text


def test_wrong_numbers_are_named_and_the_rest_stays_typed(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    status, text = press(client_for("F6"), "A1\nZ9\nD4\nA1")

    assert status == 422
    said = ("第 2 行 Z9：名册里没有", "第 3 行 D4：不是本单位的", "第 4 行 A1：重复")
    assert [one in text for one in said] == [True] * 3
    assert "A1\nZ9\nD4\nA1" in text
    assert sight.places(app) == {}


def test_another_text_than_the_previewed_one_is_looked_at_again(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    me = client_for("F6")
    carried = looked_at(press(me, "A1")[1])

    status, text = press(me, "A1\nC3", "enter", **carried)

    assert [status, "请核对新的结果" in text, sight.places(app)] == [422, True, {}]


def test_whom_the_page_did_not_name_is_not_entered(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    me = client_for("F6")
    carried = looked_at(press(me, "A1")[1])

    press(me, "A1", "enter", **{**carried, "person": [str(stage.people["D4"]), "x", str(stage.people["A1"])]})

    assert sight.places(app) == {"A1": "seated"}


@pytest.mark.parametrize("numbers", ["", "\n", "A\n" * 101])
def test_an_empty_or_endless_list_is_refused_at_its_field(
    app: Flask, stage: Stage, client_for: ClientFor, numbers: str
) -> None:
    status, _text = press(client_for("F6"), numbers)

    assert status == 422


def test_nobody_but_a_contact_opens_it(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    assert [client_for("A1").get(at).status_code for at in (AT, "/unit/sign-ups")] == [404, 404]


def test_the_missing_are_reminded_once_a_day(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    me = client_for("F6")

    assert [press(me, "", "remind")[0] for _ in range(2)] == [303, 409]
    assert [kind for kind, _ in sight.letters(app)] == ["sign_up_reminder"] * 3
