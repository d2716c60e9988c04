"""Letters stopped and resumed by page and on the console, and who sees that they wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.outbox import pausing
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.clients import form_of

SWITCH = "/manage/letters/pause"
WAITS = "信件暂停发出"


@pytest.fixture
def house(sqlite_app: Flask) -> Flask:
    """The outing, its organiser E5, the administrator F6."""
    stage = cast.set_stage(sqlite_app, now=cast.lately())
    since = utc_now() - timedelta(minutes=5)
    with sqlite_app.app_context(), unit_of_work():
        campaign_grants.grant(stage.people["E5"], Role.ORGANISER, "outing", actor=acting("test", since))
        grants.grant(stage.people["F6"], Role.ADMINISTRATOR, unit_id=None, actor=acting("test", since))
    return sqlite_app


@pytest.fixture
def client_in(house: Flask) -> Callable[[str], FlaskClient]:
    """A signed-in browser of that house."""
    from tests.rig.clients import signed_in_client

    return lambda staff_no: signed_in_client(house, staff_no)


def press(client: FlaskClient, path: str, **typed: str) -> int:
    """Post the form of the switch's page; the status."""
    return client.post(path, data={**form_of(client.get(SWITCH)), **typed}).status_code


def test_an_administrator_stops_and_resumes_letters(
    house: Flask, client_in: Callable[[str], FlaskClient]
) -> None:
    admin, organiser = client_in("F6"), client_in("E5")
    stopped = press(admin, SWITCH, why="wrong")
    seen = [WAITS in organiser.get(path).text for path in ("/manage", "/manage/letters")]
    why = "傅真在" in organiser.get("/manage").text and "信里写错了" in organiser.get("/manage").text
    going = press(admin, "/manage/letters/resumption")

    assert stopped == 303
    assert seen == [True, True]
    assert why is True
    assert going == 303
    assert WAITS not in organiser.get("/manage").text
    assert sight.audit_actions(house, "letters.") == ["letters.paused", "letters.resumed"]


def test_a_double_click_stops_once(house: Flask, client_in: Callable[[str], FlaskClient]) -> None:
    admin = client_in("F6")

    form = {**form_of(admin.get(SWITCH)), "why": "trouble"}
    assert [admin.post(SWITCH, data=form).status_code for _ in range(2)] == [303, 303]
    assert sight.audit_actions(house, "letters.") == ["letters.paused"]


def test_a_pause_without_a_reason_comes_back_and_stops_nothing(
    house: Flask, client_in: Callable[[str], FlaskClient]
) -> None:
    admin = client_in("F6")

    for why in ("", "because"):
        assert press(admin, SWITCH, why=why) == 422
    with house.app_context():
        assert pausing.is_paused() is False


def test_only_an_administrator_is_led_to_the_switch(client_in: Callable[[str], FlaskClient]) -> None:
    pages = [client_in(staff_no).get("/manage/letters").text for staff_no in ("F6", "E5")]

    assert [SWITCH in page for page in pages] == [True, False]


def test_the_console_does_the_same(house: Flask) -> None:
    console = house.test_cli_runner()
    said = [
        console.invoke(args=["mail", *words.split()]).output.strip()
        for words in ("status", "pause restored", "pause other", "resume", "resume", "status")
    ]

    assert said == [
        "going",
        "已暂停 / paused",
        "早已暂停 / paused before",
        "已恢复 / resumed",
        "没有暂停 / not paused",
        "going",
    ]
    console.invoke(args=["mail", "pause", "restored"])
    words = console.invoke(args=["mail", "status"]).output.split()
    assert (words[0], words[2:]) == ("paused", ["console", "restored"])
