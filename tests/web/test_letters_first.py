"""A change that writes to people shows first how many get which letter, and how it reads; nothing is done before."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventreg.core.clock import utc_now
from eventreg.registrations.reading import find_live
from tests.rig import cast, sight
from tests.rig.cast import Stage
from tests.rig.clients import token_in
from tests.rig.plan_pages import OUTING, ClientFor, organised, sent
from tests.rig.seen_first import confirmed

Act = Callable[[FlaskClient, str], TestResponse]


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing with two places: C3 and D4 have them, E5 and F6 wait; A1 organises it."""
    found = organised(app)
    for who in ("C3", "D4", "E5", "F6"):
        cast.sign_up(app, found, who, now=utc_now())
    return found


def of(app: Flask, stage: Stage, who: str, page: str) -> str:
    """The address of a page about somebody's registration."""
    with app.app_context():
        live = find_live(stage.campaign_id, stage.people[who])
    assert live is not None
    return f"{OUTING}/registrations/{live.id}/{page}"


def more_places(app: Flask, stage: Stage, client: FlaskClient) -> TestResponse:
    return sent(client, f"{OUTING}/places", capacity="4")


def taken_out(app: Flask, stage: Stage, client: FlaskClient) -> TestResponse:
    address = of(app, stage, "C3", "removal")
    return client.post(address, data={"csrf_token": token_in(client.get(address)), "reason": "asked"})


def new_ticket(app: Flask, stage: Stage, client: FlaskClient) -> TestResponse:
    address = of(app, stage, "C3", "ticket")
    page = client.get(address)
    serial = page.text.split('name="serial" value="')[1].split('"')[0]
    return client.post(address, data={"csrf_token": token_in(page), "serial": serial})


def entered(app: Flask, stage: Stage, client: FlaskClient) -> TestResponse:
    address = f"{OUTING}/registrations/new"
    page = client.get(address, query_string={"person": stage.people["B2"]})
    key = page.text.split('name="idempotency_key"')[1].split('value="')[1].split('"')[0]
    fields = {"person": str(stage.people["B2"]), "how": "waiting", "reason": "asked", "idempotency_key": key}
    return client.post(address, data={"csrf_token": token_in(page), **fields})


def reminded(app: Flask, stage: Stage, client: FlaskClient) -> TestResponse:
    address = f"{OUTING}/units"
    return client.post(address, data={"csrf_token": token_in(client.get(address)), "act": "remind"})


ACTS = {
    "places": (more_places, {"registration_promoted": 2}, "轮到你了"),
    "removal": (taken_out, {"registration_withdrawn": 1, "registration_promoted": 1}, "办理退出"),
    "ticket": (new_ticket, {"ticket_reissued": 1}, "这是你的新票"),
    "reminder": (reminded, {"sign_up_reminder": 2}, "还没有报名"),
    "entry": (entered, {"entered_waiting": 1}, "已为你加入候补，第 3 位"),
}


def kinds(app: Flask) -> list[str]:
    return [kind for kind, _ in sight.letters(app)]


@pytest.mark.parametrize("act", ACTS)
def test_the_letters_of_a_change_are_seen_before_it_is_made(
    app: Flask, stage: Stage, client_for: ClientFor, act: str
) -> None:
    press, wanted, words = ACTS[act]
    client, before, people = client_for("A1"), kinds(app), sight.places(app)
    audited = sight.audit_actions(app, "")

    preview = press(app, stage, client)

    assert (preview.status_code, kinds(app), sight.places(app)) == (200, before, people)
    assert sight.audit_actions(app, "") == audited
    assert [words in preview.text, f"确定，通知 {sum(wanted.values())} 人" in preview.text] == [True, True]
    assert confirmed(client, preview).status_code == 303
    new = kinds(app)
    for kind in before:
        new.remove(kind)
    assert {kind: new.count(kind) for kind in new} == wanted
    assert sight.drift(app) == []


def test_no_ticket_of_somebody_else_stands_in_a_preview(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    preview = more_places(app, stage, client_for("A1")).text

    assert ["每个人自己的二维码在这里" in preview, "票号" in preview, "/t/" in preview] == [
        True,
        False,
        False,
    ]


def test_other_people_than_were_seen_get_no_letter_yet(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    client = client_for("A1")
    preview = more_places(app, stage, client)
    cast.withdraw(app, stage, "F6", now=utc_now())

    again = confirmed(client, preview)

    assert ["收信的人刚刚变了" in again.text, "确定，通知 1 人" in again.text] == [True, True]
    assert kinds(app).count("registration_promoted") == 0
    assert confirmed(client, again).status_code == 303
    assert kinds(app).count("registration_promoted") == 1


def test_as_many_other_people_than_were_seen_get_no_letter_yet(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    client = client_for("A1")
    preview = more_places(app, stage, client)
    cast.withdraw(app, stage, "F6", now=utc_now())
    cast.sign_up(app, stage, "B2", now=utc_now())

    again = confirmed(client, preview)

    assert ["收信的人刚刚变了" in again.text, "确定，通知 2 人" in again.text] == [True, True]
    assert kinds(app).count("registration_promoted") == 0
    assert confirmed(client, again).status_code == 303
    assert kinds(app).count("registration_promoted") == 2


def test_back_from_the_preview_the_form_holds_what_was_typed(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    client = client_for("A1")
    preview = more_places(app, stage, client)

    form = confirmed(client, preview, step="edit")

    assert [form.status_code, 'name="capacity"' in form.text, 'value="4"' in form.text] == [200, True, True]
    assert kinds(app).count("registration_promoted") == 0


def test_sent_twice_it_is_made_once(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    client = client_for("A1")
    preview = more_places(app, stage, client)

    assert [confirmed(client, preview).status_code for _ in range(2)] == [303, 303]
    assert kinds(app).count("registration_promoted") == 2


def test_a_change_without_letters_is_saved_at_once(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    assert sent(client_for("A1"), f"{OUTING}/places", capacity="1").status_code == 303


def test_people_without_mailbox_are_counted(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    sight.correct(app, stage.people["E5"], email=None)

    preview = more_places(app, stage, client_for("A1")).text

    assert "2 人，每人一封邮件，其中 1 人没有邮箱，要当面告诉" in preview
