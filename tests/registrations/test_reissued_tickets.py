"""An organiser replaces a ticket from the roster; its holder gets the new one, the old one opens no door."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.core.keyring.keys import keys_in_use
from eventreg.registrations import tickets
from tests.rig import cast, mailbox, sight
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.clients import signed_in_client, token_in
from tests.rig.keys import rotate
from tests.rig.seen_first import seen
from tests.venue.test_scans import a_device, scan, verdicts

ROSTER = "/manage/campaigns/outing/roster"


@pytest.fixture
def outing(app: Flask) -> Stage:
    """The outing with two seated and one who waits; B2 is an administrator."""
    stage = cast.set_stage(app, now=cast.lately())
    for who in ("A1", "C3", "E5"):
        cast.sign_up(app, stage, who, now=utc_now())
    with app.app_context(), unit_of_work():
        grants.grant(
            stage.people["B2"], Role.ADMINISTRATOR, unit_id=None, actor=acting("test", cast.lately())
        )
    return stage


def token(app: Flask, registration_id: int = 1) -> str:
    with app.app_context():
        return tickets.find_token(registration_id, keys=keys_in_use()) or ""


def page_url(client: FlaskClient) -> str:
    """What stands behind the first “换票” of the roster."""
    found = re.search(r'href="([^"]+/registrations/\d+/ticket)"', client.get(ROSTER).text)
    assert found is not None
    return found[1]


def replaced(client: FlaskClient, url: str) -> list[int]:
    """Press the button of one page twice."""
    page = client.get(url)
    serial = re.search(r'name="serial" value="(\d+)"', page.text)
    assert serial is not None
    form = {"csrf_token": token_in(page), "serial": serial[1]}
    return [seen(client, client.post(url, data=form)).status_code for _ in range(2)]


def test_a_ticket_is_replaced_once_however_often_the_button_is_pressed(app: Flask, outing: Stage) -> None:
    old, door = token(app), a_device(app, outing)
    client = signed_in_client(app, "B2")

    assert replaced(client, page_url(client)) == [303, 303]

    new = token(app)
    assert verdicts(scan(app, door, old, new)) == [("refused", "scan.cancelled"), ("admitted", None)]
    letters = [kind for kind, _state in sight.letters(app) if kind == "ticket_reissued"]
    assert (letters, sight.audit_actions(app).count("registration.ticket_reissued")) == (
        ["ticket_reissued"],
        1,
    )
    letter = mailbox.newest(app, "ticket_reissued", now=utc_now())
    assert letter is not None
    assert (letter.heading, letter.qr) == ("这是你的新票", f"http://localhost/t/{new}")


def test_the_letter_about_a_ticket_that_was_replaced_again_is_not_sent(app: Flask, outing: Stage) -> None:
    client = signed_in_client(app, "B2")
    url = page_url(client)
    replaced(client, url)
    first = mailbox.newest(app, "ticket_reissued", now=utc_now())
    replaced(client, url)
    with app.app_context():
        assert tickets.find_held(1, keys=keys_in_use()) is not None
    again = mailbox.newest(app, "ticket_reissued", now=utc_now())

    assert first is not None
    assert again is not None
    assert first.qr != again.qr


def test_who_waits_or_left_has_no_ticket_to_replace(app: Flask, outing: Stage) -> None:
    client = signed_in_client(app, "B2")
    url = page_url(client)
    page = client.get(url)
    form = {"csrf_token": token_in(page), "serial": "1"}
    waiting = url.replace("/registrations/1/", "/registrations/3/")

    assert client.get(waiting).status_code == 404
    cast.withdraw(app, outing, "A1", now=utc_now())
    assert client.post(url, data=form).status_code == 303
    assert "没有票可以换" in client.get(ROSTER).text
    assert client.get(ROSTER).text.count('/ticket"') == 2


def test_the_page_of_keys_says_what_depends_on_an_old_one(app: Flask, outing: Stage) -> None:
    rotate(app, "tickets", "seal")
    client = signed_in_client(app, "B2")

    page = client.get("/manage/keys")

    assert (page.status_code, signed_in_client(app, "A1").get("/manage/keys").status_code) == (200, 404)
    assert "2 张没有过期的票" in page.text
    assert "可以删除：flask keys retire" in page.text
    assert app.extensions["eventreg.keys"].tickets.hex() not in page.text
