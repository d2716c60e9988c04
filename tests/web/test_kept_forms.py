"""Whatever stands in the way of a form, what was typed comes back to be sent again (law 15)."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.people.service import person_facts
from eventreg.registrations.models import Registration
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.clients import send, token_in

from .test_bad_input import REMARK

LOCAL = "http://localhost"
OUTING = "/campaigns/outing/registration"


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing, open since an hour."""
    return cast.set_stage(app, now=cast.lately())


def fields_of(page: TestResponse, action: str) -> list[tuple[str, str]]:
    """Name and value of all that the form with this action would send, its buttons aside."""
    form = re.findall(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page.text, re.DOTALL)[0]
    tags = [tag for tag in re.findall(r"<input[^>]*>", form) if 'name="' in tag and 'type="file"' not in tag]
    found = [(_attribute(tag, "name"), _attribute(tag, "value")) for tag in tags]
    texts = re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL)
    return [(name, html.unescape(value).removeprefix("\r\n")) for name, value in [*found, *texts]]


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""


def test_another_language_keeps_what_was_typed(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    client = client_for("A1")
    refused = send(client, OUTING, phone="1380013800", remark=REMARK)
    switch = dict(fields_of(refused, "/language")) | {"language": "en"}

    kept = client.post("/language", data=switch)

    assert kept.status_code == 200
    assert '<html lang="en">' in kept.text
    assert REMARK in kept.text
    assert sight.count(app, Registration) == 0
    again = dict(fields_of(kept, OUTING)) | {"phone": "13800138000"}
    assert client.post(OUTING, data=again).status_code == 303
    assert REMARK in client.get("/my/data.json").text


def test_the_language_of_a_plain_page_leads_back_to_it(
    stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    client = client_for("A1")
    switch = dict(fields_of(client.get("/my/account"), "/language")) | {"language": "en"}

    answer = client.post("/language", data=switch)

    assert (answer.status_code, answer.location) == (303, "/my/account")


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/nowhere", "/healthz"])
def test_kept_text_is_sent_to_no_address_that_takes_no_form_of_ours(
    stage: Stage, client_for: Callable[..., FlaskClient], target: str
) -> None:
    client = client_for("A1")
    switch = {
        "csrf_token": token_in(client.get("/my")),
        "language": "en",
        "next": target,
        "typed-remark": REMARK,
    }

    answer = client.post("/language", data=switch)

    assert (answer.status_code, answer.location) == (303, target if target == "/healthz" else "/")


def test_a_form_over_the_limit_comes_back_to_be_shortened(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    client, long = client_for("A1"), "膝盖" * 70_000  # 1.2 MB as it is sent

    answer = send(client, OUTING, remark=long, phone="13800138000")

    assert answer.status_code == 413
    assert long in answer.text
    assert "内容太大" in answer.text
    short = dict(fields_of(answer, OUTING)) | {"remark": REMARK}
    assert client.post(OUTING, data=short).status_code == 303
    assert sight.places(app) == {"A1": "seated"}


def test_a_flood_is_not_read(stage: Stage, client_for: Callable[..., FlaskClient]) -> None:
    answer = send(client_for("A1"), OUTING, remark="x" * 3_000_000)

    assert answer.status_code == 413
    assert len(answer.text) < 20_000


def test_a_form_too_old_keeps_every_tick(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    with app.app_context(), unit_of_work():
        since = utc_now() - timedelta(minutes=5)
        unit = person_facts(stage.people["D4"]).unit_id
        grants.grant(stage.people["F6"], Role.UNIT_CONTACT, unit_id=unit, actor=acting("test", since))

    client, theirs = client_for("F6"), [str(stage.people["D4"])]
    answer = client.post(
        "/unit/codes",
        data={"person": theirs, "csrf_token": "old"},
        headers={"Referer": LOCAL + "/unit/codes"},
    )
    page = client.get("/unit/codes").text

    assert (answer.status_code, answer.location) == (303, "/unit/codes")
    assert "你填的内容已经放回表单里" in page
    assert sorted(re.findall(r'value="(\d+)"[^>]*checked', page)) == sorted(theirs)
    assert "checked" not in client.get("/unit/codes").text


def test_a_text_without_a_label_of_ours_is_shown_all_the_same(
    stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    answer = client_for("A1").post(OUTING, data={"diet": REMARK, "idempotency_key": "abc"})

    assert answer.status_code == 400
    assert re.search(r">填写的内容</label><(?:input|textarea)[^>]*name=\"diet\"[^>]*>?", answer.text)
    assert re.search(r'type="hidden" name="idempotency_key" value="abc"', answer.text)


def test_a_form_with_a_file_says_to_choose_it_again(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    with app.app_context(), unit_of_work():
        since = utc_now() - timedelta(minutes=5)
        grants.grant(stage.people["F6"], Role.ADMINISTRATOR, unit_id=None, actor=acting("test", since))
    client, address = client_for("F6"), "/manage/people/import"
    file = FileStorage(io.BytesIO(b"staff_no,name,gender,unit\nN1,New,f,Office\n"), filename="r.csv")
    boundary, body = encode_multipart({"csrf_token": "old", "whole": "whole", "file": file})

    boundary = f"multipart/form-data; boundary={boundary}"
    answer = client.post(address, data=body, content_type=boundary, headers={"Referer": LOCAL + address})
    page = client.get(address).text

    assert (answer.status_code, answer.location) == (303, address)
    assert "文件要重新选一次" in page
    assert re.search(r'<input[^>]*value="whole"[^>]*checked', page)
