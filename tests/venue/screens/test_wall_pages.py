"""Scan the wall: people come in by the code on a screen, with their own phones, by the same rules and table."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventreg.campaigns.service import campaign_by_id
from eventreg.core.db.session import db, unit_of_work
from eventreg.venue.models import Admission, Scan
from eventreg.venue.screens import rules, service
from eventreg.venue.screens.rules import Widget
from eventreg.venue.screens.service import NewScreen
from eventreg.web.app import current
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.clients import signed_in_client, token_in

ClientFor = Callable[..., FlaskClient]
CROWD = 160


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The server's clock: `clock[0]` is what it shows."""
    hands = [cast.lately() + timedelta(hours=1)]
    monkeypatch.setattr(current, "utc_now", lambda: hands[0])
    return hands


def screen(app: Flask, stage: Stage, now: datetime, *, point: str | None = "door") -> str:
    """A screen at the door; its token."""
    with app.app_context(), unit_of_work():
        wanted = NewScreen("东门大屏", (Widget.ARRIVALS,), check_point=point)
        return service.make(campaign_by_id(stage.campaign_id), wanted, actor=acting("test", now))


def address_on(app: Flask, token: str) -> str:
    """The address behind the QR code that a screen shows now."""
    with app.app_context():
        with app.test_request_context():
            now = current.now()  # the server's clock, as the fixture set it
        found = service.find(token, now=now)
        assert found is not None
        code = rules.wall_code(app.extensions["eventreg.keys"].tickets, found.id, now=now)
    return f"/w/{found.id}-{code.code}"


def press(client: FlaskClient) -> str:
    """Press the button of the page that the code led to; the heading of the answer."""
    page = client.get("/arrival")
    if page.status_code != 200:
        return heading(page.text)
    return heading(client.post("/arrival", data={"csrf_token": token_in(page)}).text)


def heading(html: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", html, re.DOTALL)
    assert found is not None
    return found[1]


def test_one_hundred_and_sixty_people_come_in_by_the_wall(app: Flask, clock: list[datetime]) -> None:
    stage = cast.set_stage(app, capacity=CROWD, extra=CROWD, now=cast.lately())
    people = [f"X{n:04d}" for n in range(1, CROWD + 1)]
    for staff_no in people:
        cast.sign_up(app, stage, staff_no, now=cast.lately())
    token = screen(app, stage, clock[0])
    said = []
    for n, staff_no in enumerate(people):
        clock[0] += timedelta(seconds=1)
        client = signed_in_client(app, staff_no)
        assert client.get(address_on(app, token)).status_code == 303
        said.append(press(client))
        if n % 40 == 0:  # a double click
            said.append(press(client))

    assert set(said) == {"已签到"}
    with app.app_context():
        assert db.session.query(Admission).count() == CROWD
        assert db.session.query(Scan).count() == CROWD


def test_a_code_of_two_minutes_ago_is_refused_in_words(
    app: Flask, client_for: ClientFor, clock: list[datetime]
) -> None:
    stage = cast.set_stage(app, now=cast.lately())
    cast.sign_up(app, stage, "A1", now=cast.lately())
    old = address_on(app, screen(app, stage, clock[0]))
    clock[0] += timedelta(minutes=2)

    answer = client_for("A1").get(old)

    assert answer.status_code == 410
    assert "请再扫一次屏幕上的" in answer.text


@pytest.mark.parametrize("code", ["é", "🪁", "x" * 300])
def test_what_is_no_code_is_refused_in_words(
    app: Flask, client_for: ClientFor, clock: list[datetime], code: str
) -> None:
    stage = cast.set_stage(app, now=cast.lately())
    address = address_on(app, screen(app, stage, clock[0]))

    answer = client_for("A1").get(f"{address.rpartition('-')[0]}-{code}")

    assert answer.status_code == 410
    assert "请再扫一次屏幕上的" in answer.text


def test_whoever_opened_a_code_has_five_minutes_to_sign_in_and_press(
    app: Flask, client_for: ClientFor, clock: list[datetime]
) -> None:
    stage = cast.set_stage(app, now=cast.lately())
    cast.sign_up(app, stage, "A1", now=cast.lately())
    client = client_for("A1")
    client.get(address_on(app, screen(app, stage, clock[0])))
    clock[0] += timedelta(minutes=5, seconds=1)

    assert client.get("/arrival").status_code == 410
    with app.app_context():
        assert db.session.query(Admission).count() == 0


def test_whoever_is_not_signed_in_signs_in_first(app: Flask, clock: list[datetime]) -> None:
    stage = cast.set_stage(app, now=cast.lately())
    client = app.test_client()

    opened = client.get(address_on(app, screen(app, stage, clock[0])))
    then = client.get(str(opened.location))

    assert then.status_code == 302
    assert "/sign-in" in str(then.location)


@pytest.mark.parametrize(("staff_no", "said"), [("C3", "你还在候补"), ("D4", "你没有报名这项活动")])
def test_people_without_a_place_are_sent_to_the_desk(
    app: Flask, client_for: ClientFor, clock: list[datetime], staff_no: str, said: str
) -> None:
    stage = cast.set_stage(app, now=cast.lately())
    for one in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, one, now=cast.lately())
    client = client_for(staff_no)
    client.get(address_on(app, screen(app, stage, clock[0])))
    page = client.get("/arrival")

    answer = client.post("/arrival", data={"csrf_token": token_in(page)})

    assert answer.status_code == 422
    assert said in answer.text
    assert "签到台" in answer.text


def test_without_the_organisers_wish_no_screen_lets_anybody_in(
    app: Flask, client_for: ClientFor, clock: list[datetime]
) -> None:
    stage = cast.set_stage(app, now=cast.lately())
    cast.sign_up(app, stage, "A1", now=cast.lately())
    token = screen(app, stage, clock[0], point=None)

    assert client_for("A1").get(address_on(app, token)).status_code == 410
    assert "/w/" not in app.test_client().get(f"/screen/{token}").text


def test_two_screens_at_one_door_count_a_person_once(
    app: Flask, client_for: ClientFor, clock: list[datetime]
) -> None:
    stage = cast.set_stage(app, now=cast.lately())
    cast.sign_up(app, stage, "A1", now=cast.lately())
    client = client_for("A1")
    said = []
    for token in (screen(app, stage, clock[0]), screen(app, stage, clock[0])):
        client.get(address_on(app, token))
        said.append(press(client))

    assert said == ["已签到", "你已经签过到了"]
    with app.app_context():
        assert len(db.session.scalars(select(Admission)).all()) == 1


def test_a_removed_screen_lets_nobody_in(app: Flask, client_for: ClientFor, clock: list[datetime]) -> None:
    stage = cast.set_stage(app, now=cast.lately())
    cast.sign_up(app, stage, "A1", now=cast.lately())
    token = screen(app, stage, clock[0])
    client = client_for("A1")
    client.get(address_on(app, token))
    with app.app_context(), unit_of_work():
        found = service.find(token, now=clock[0])
        assert found is not None
        service.revoke(found.id, campaign_id=stage.campaign_id, actor=acting("test", clock[0]))

    assert client.get("/arrival").status_code == 410
    assert client.get(f"/screen/{token}").status_code == 404
