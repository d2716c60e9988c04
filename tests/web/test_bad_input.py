"""Bad input everywhere: a clear answer, nothing typed lost, nothing half-written, no 500."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db import write_lock
from eventreg.registrations.models import Registration
from tests.rig import cast, sight
from tests.rig.cast import Stage
from tests.rig.clients import form_of, send

OUTING = "/campaigns/outing/registration"
REMARK = "膝盖有旧伤，徒步想走平一点的路线。"


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing, open since an hour."""
    return cast.set_stage(app, now=cast.lately())


@pytest.mark.parametrize(
    ("phone", "said"),
    [
        ("1380013800", "少了 1 位"),
        ("138001380000", "多了 1 位"),
        ("abc", "手机号只含数字"),
        ("=1+1", "手机号只含数字"),
        ("<script>alert(1)</script>", "手机号只含数字"),
    ],
)
def test_a_wrong_phone_is_said_at_the_field_and_the_text_stays(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient], phone: str, said: str
) -> None:
    answer = send(client_for("A1"), OUTING, phone=phone, remark=REMARK)

    assert answer.status_code == 422
    assert said in answer.text
    assert escape(phone) in answer.text.replace("&#34;", "&quot;")
    assert REMARK in answer.text
    assert sight.count(app, Registration) == 0


def test_without_consent_there_is_no_place(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    answer = send(client_for("A1"), OUTING, consent="", remark=REMARK)

    assert answer.status_code == 422
    assert "名额还没有占上" in answer.text
    assert REMARK in answer.text
    assert sight.count(app, Registration) == 0


def test_consent_to_another_version_does_not_count(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    answer = send(client_for("A1"), OUTING, consent=stage.notice_id + 1)

    assert (answer.status_code, sight.count(app, Registration)) == (422, 0)


def test_fields_nobody_asked_for_change_nothing(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    extra: dict[str, Any] = {
        "state": "seated",
        "person_id": stage.people["B2"],
        "arrival": 1,
        "role": "administrator",
    }
    for who in ("C3", "E5", "A1"):
        answer = send(client_for(who), OUTING, **extra)
        assert answer.status_code == 303

    assert sight.places(app) == {"C3": "seated", "E5": "seated", "A1": "waiting"}


def test_a_deadline_that_passed_meanwhile_keeps_the_text(
    app: Flask, client_for: Callable[..., FlaskClient]
) -> None:
    cast.set_stage(app, now=utc_now() - cast.UNTIL_CLOSED + timedelta(seconds=2))
    client = client_for("A1")
    page = client.get(OUTING)
    while client.get(OUTING).status_code == 200:  # at most two seconds
        pass

    answer = client.post(OUTING, data=form_of(page) | {"remark": REMARK})

    assert answer.status_code == 409
    assert "截止" in answer.text
    assert REMARK in answer.text
    assert sight.count(app, Registration) == 0


def test_other_answers_the_second_time_are_offered_as_a_change(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    client = client_for("A1")
    page = client.get(OUTING)
    client.post(OUTING, data=form_of(page) | {"phone": "13800138000"})

    answer = client.post(OUTING, data=form_of(page) | {"phone": "13900139000"})

    assert answer.status_code == 409
    assert "13900139000" in answer.text
    assert sight.places(app) == {"A1": "seated"}


@contextmanager
def somebody_writing(folder: Path) -> Iterator[None]:
    """Hold the writers' turn, as a stuck process would."""
    descriptor = os.open(folder / "write.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(descriptor)


def test_a_busy_database_answers_503_with_the_form_kept(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from threading import Timer

    from tests.rig.clients import signed_in_client

    cast.set_stage(sqlite_app, now=cast.lately())
    client = signed_in_client(sqlite_app, "A1")
    form = form_of(client.get(OUTING)) | {"phone": "13800138000", "remark": REMARK}
    made: Settings = sqlite_app.extensions["eventreg.settings"]
    monkeypatch.setattr(write_lock, "PATIENCE", 0.05)
    busy = somebody_writing(made.instance)
    busy.__enter__()
    Timer(0.3, busy.__exit__, (None, None, None)).start()

    answer = client.post(OUTING, data=form)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "20")
    assert [text in answer.text for text in ("13800138000", REMARK, "名额还没有占上")] == [True] * 3
    monkeypatch.setattr(write_lock, "PATIENCE", 5.0)
    assert client.post(OUTING, data=form).status_code == 303


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(
    fields=st.dictionaries(
        st.sampled_from(["phone", "remark", "consent", "idempotency_key", "state", "你"]),
        st.text(max_size=600),
        max_size=6,
    )
)
def test_no_form_breaks_the_sign_up(sqlite_app: Flask, fields: dict[str, str]) -> None:
    from tests.rig.clients import signed_in_client

    if sight.count(sqlite_app, Registration) == 0 and "outing" not in _slugs(sqlite_app):
        cast.set_stage(sqlite_app, capacity=None, now=cast.lately())
    client = signed_in_client(sqlite_app, "A1")
    token = {"csrf_token": form_of(client.get("/campaigns/outing"))["csrf_token"]}

    answer = client.post(OUTING, data=fields | token)

    assert answer.status_code in {303, 400, 409, 422}


@pytest.mark.parametrize("code", ["", "x" * 5000, "١٢٣٤٥٦", "'; DROP TABLE person; --", "\x00"])
def test_no_code_breaks_the_sign_in(app: Flask, stage: Stage, code: str) -> None:
    client = app.test_client()
    token = form_of(client.get("/sign-in"))
    client.post("/sign-in", data=token | {"identifier": "A1"})

    assert client.post("/sign-in/code", data=token | {"code": code}).status_code in {400, 422}


@pytest.mark.parametrize("who", ["%", "x" * 5000, "\x00", "a1@example.cn\r\nBcc: x@evil.example", "Ａ１"])
def test_no_name_breaks_the_sign_in(app: Flask, stage: Stage, who: str) -> None:
    client = app.test_client()

    answer = client.post("/sign-in", data=form_of(client.get("/sign-in")) | {"identifier": who})

    assert answer.status_code in {303, 400, 422}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/my/registrations/99999999999999999999", 404),
        ("/my/registrations/2147483648/calendar.ics", 404),
        ("/campaigns/%00", 400),
        ("/t/%00", 400),
        ("/campaigns/outing/order?after=99999999999999999999", 200),
        ("/campaigns/outing/order?after=%00", 400),
        ("/campaigns/../outing", 404),
        ("/campaigns/" + "x" * 3000, 404),
    ],
)
def test_no_address_breaks_a_page(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient], address: str, status: int
) -> None:
    assert client_for("A1").get(address).status_code == status


def _slugs(app: Flask) -> list[str]:
    from eventreg.campaigns.service import list_campaigns

    with app.app_context():
        return [campaign.slug for campaign in list_campaigns()]
