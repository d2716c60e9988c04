"""The delivery board: counted, found, sent again once, readdressed, noted as bounced; codes never."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from eventreg.accounts import sign_in_codes
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.outbox.models import Letter
from eventreg.people import service as people
from tests.rig import cast, sight
from tests.rig.cast import Stage
from tests.rig.clients import token_in
from tests.rig.plan_pages import organised

LETTERS = "/manage/letters"
ClientFor = Callable[..., FlaskClient]


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing; A1 organises it, B2 administers; E5 and F6 have places, D4 (no mailbox) waits; C3 asked for a code."""
    set_up = organised(app)
    for staff_no in ("E5", "F6", "D4"):
        cast.sign_up(app, set_up, staff_no, now=utc_now())
    with app.app_context(), unit_of_work():
        sign_in_codes.ask("C3", address="127.0.0.1", locale="zh-CN", keys=set_up.keys, now=utc_now())
    return set_up


def letter_to(app: Flask, stage: Stage, staff_no: str) -> int:
    """The id of the one letter to somebody."""
    with app.app_context():
        found = select(Letter.id).where(Letter.person_id == stage.people[staff_no])
        return db.session.execute(found).scalar_one()


def put(app: Flask, letter_id: int, **values: object) -> None:
    """Bring a letter into a state as the sender would have."""
    with app.app_context(), unit_of_work():
        db.session.execute(update(Letter).where(Letter.id == letter_id).values(**values))


def stands(app: Flask, letter_id: int, *columns: str) -> tuple[Any, ...]:
    """Some columns of a letter."""
    with app.app_context():
        row = db.session.get_one(Letter, letter_id)
        found = tuple(getattr(row, name) for name in columns)
        db.session.remove()
        return found


def press(client: FlaskClient, letter_id: int, what: str, **fields: object) -> TestResponse:
    """Send one of the forms of a letter's page."""
    token = token_in(client.get(f"{LETTERS}/{letter_id}"))
    return client.post(f"{LETTERS}/{letter_id}/{what}", data={"csrf_token": token} | fields)


def counted(page: str) -> dict[str, int]:
    """The counts above the list."""
    found = re.findall(r'class="standing-(\w+)"[^>]*><b>(\d+)</b>', page)
    return {code: int(count) for code, count in found}


def test_counts_stand_above_the_list_and_each_leads_to_its_own(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    put(
        app,
        letter_to(app, stage, "E5"),
        state="sent",
        sent_at=utc_now(),
        bounced_at=utc_now(),
        bounced_by="x",
    )
    organiser = client_for("A1")

    assert counted(organiser.get(LETTERS).text) == {"all": 3, "queued": 1, "withheld": 1, "bounced": 1}
    assert counted(client_for("B2").get(LETTERS).text)["all"] == 4
    bounced = organiser.get(f"{LETTERS}?state=bounced").text
    assert "共 1 封" in bounced
    assert "鄂兰" in bounced
    assert "傅真" not in bounced


@pytest.mark.parametrize(
    ("query", "found"), [("q=傅", 1), ("q=f6", 1), ("q=example.cn", 2), ("q=%25", 0), ("person={F6}", 1)]
)
def test_letters_are_found_by_person(stage: Stage, client_for: ClientFor, query: str, found: int) -> None:
    page = client_for("A1").get(f"{LETTERS}?{query.format_map(stage.people)}").text

    assert counted(page)["all"] == found


def test_a_letter_that_failed_is_sent_again_once(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    letter, organiser = letter_to(app, stage, "F6"), client_for("A1")
    put(app, letter, state="failed", attempts=7, trouble="SMTPDataError 554")
    page = organiser.get(f"{LETTERS}/{letter}").text
    message_id = stands(app, letter, "message_id")

    answers = [press(organiser, letter, "again").status_code for _ in range(2)]

    assert "邮件服务器不收：SMTPDataError 554" in page
    assert answers == [303, 303]
    assert stands(app, letter, "state", "attempts", "trouble") == ("queued", 0, None)
    assert stands(app, letter, "message_id") == message_id
    assert sight.audit_actions(app, "letter.") == ["letter.sent_again"]
    history = organiser.get(f"{LETTERS}/{letter}").text
    assert "重新发信：报上通知，以前试过 7 次" in history
    assert "重新发信：报上通知" in organiser.get("/manage/campaigns/outing/history").text


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"state": "expired"}, "已经开始，没有再发"),
        ({"state": "withheld", "trouble": "overtaken", "expires_at": None}, "信里说的事已经变了，没有再发"),
    ],
)
def test_what_nobody_wants_any_more_is_not_sent_again(
    app: Flask, stage: Stage, client_for: ClientFor, values: dict[str, object], said: str
) -> None:
    letter, organiser = letter_to(app, stage, "F6"), client_for("A1")
    put(app, letter, **({"expires_at": utc_now() - timedelta(hours=1)} | values))
    answer = press(organiser, letter, "again")

    assert answer.status_code == 409
    assert said in answer.text
    assert stands(app, letter, "state") == (values["state"],)
    assert "重新发送</span>" not in organiser.get(f"{LETTERS}/{letter}").text


def test_a_letter_without_an_address_goes_once_the_roster_has_one(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    letter, organiser = letter_to(app, stage, "D4"), client_for("A1")
    before = press(organiser, letter, "again")
    administrator = client_for("B2")
    person = f"/manage/people/{stage.people['D4']}"
    form = {"csrf_token": token_in(administrator.get(person)), "email": "d4@example.cn"}
    administrator.post(f"{person}/email", data=form)
    after = press(organiser, letter, "again")

    assert before.status_code == 409
    assert "还没有邮箱，没有发" in before.text
    assert after.status_code == 303
    assert stands(app, letter, "state", "address") == ("queued", "d4@example.cn")


def test_an_organiser_corrects_the_address_of_one_letter_alone(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    letter, organiser = letter_to(app, stage, "F6"), client_for("A1")
    put(app, letter, state="failed", attempts=1)
    wrong = press(organiser, letter, "address", email="nobody", roster="y")
    right = press(organiser, letter, "address", email=" F6@New.Example.cn ", roster="y")

    assert wrong.status_code == 422
    assert 'value="nobody"' in wrong.text
    assert right.status_code == 303
    assert stands(app, letter, "state", "address") == ("queued", "f6@new.example.cn")
    with app.app_context():
        assert people.person_facts(stage.people["F6"]).email == "f6@example.cn"
    assert sight.audit_actions(app, "letter.") == ["letter.readdressed", "letter.sent_again"]


def test_an_administrator_corrects_the_roster_with_it(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    letter, administrator = letter_to(app, stage, "F6"), client_for("B2")
    taken = press(administrator, letter, "address", email="e5@example.cn", roster="y")
    free = press(administrator, letter, "address", email="f6@new.example.cn", roster="y")

    assert (taken.status_code, free.status_code) == (422, 303)
    assert stands(app, letter, "state", "address") == ("queued", "f6@new.example.cn")
    with app.app_context():
        assert people.person_facts(stage.people["F6"]).email == "f6@new.example.cn"


def test_an_address_is_not_changed_under_a_letter_that_went_or_goes(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    letter, organiser = letter_to(app, stage, "F6"), client_for("A1")
    answers = []
    for state in ("sent", "claimed"):
        put(app, letter, state=state)
        answers.append(press(organiser, letter, "address", email="f6@new.example.cn").status_code)

    assert (answers, stands(app, letter, "address")) == ([409, 409], ("f6@example.cn",))


def test_a_bounce_is_noted_shown_and_mended(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    letter, organiser, administrator = letter_to(app, stage, "F6"), client_for("A1"), client_for("B2")
    early = press(organiser, letter, "bounce", on="1")
    put(app, letter, state="sent", sent_at=utc_now())
    noted = [press(organiser, letter, "bounce", on="1").status_code for _ in range(2)]
    person, first_id = f"/manage/people/{stage.people['F6']}", stands(app, letter, "message_id")
    before = "邮件送不到这个邮箱" in administrator.get(person).text
    by = "安娜记下" in organiser.get(f"{LETTERS}/{letter}").text
    press(administrator, letter, "address", email="f6@new.example.cn", roster="y")

    assert early.status_code == 409
    assert noted == [303, 303]
    assert before is True
    assert by is True
    assert "邮件送不到这个邮箱" not in administrator.get(person).text
    assert stands(app, letter, "state", "sent_at", "bounced_at") == ("queued", None, None)
    assert stands(app, letter, "message_id") != first_id
    assert sight.audit_actions(app, "letter.") == [
        "letter.bounced",
        "letter.readdressed",
        "letter.sent_again",
    ]


def test_a_bounce_can_be_taken_back(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    letter, organiser = letter_to(app, stage, "F6"), client_for("A1")
    put(app, letter, state="sent", sent_at=utc_now())
    for on in ("1", "0"):
        press(organiser, letter, "bounce", on=on)

    assert stands(app, letter, "state", "bounced_at", "bounced_by") == ("sent", None, None)


def test_a_sign_in_code_has_no_page_and_no_second_sending(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    letter, administrator = letter_to(app, stage, "C3"), client_for("B2")
    put(app, letter, state="failed", sealed=None)
    token = token_in(administrator.get(LETTERS))
    listed = administrator.get(LETTERS).text
    asked = [administrator.get(f"{LETTERS}/{letter}").status_code] + [
        administrator.post(f"{LETTERS}/{letter}/{what}", data={"csrf_token": token}).status_code
        for what in ("again", "address", "bounce")
    ]

    assert "登录验证码" in listed
    assert f'{LETTERS}/{letter}"' not in listed
    assert asked == [404] * 4
    assert stands(app, letter, "state") == ("failed",)


def test_my_data_tells_of_a_bounce_and_not_who_noted_it(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    letter = letter_to(app, stage, "F6")
    put(app, letter, state="sent", sent_at=utc_now())
    press(client_for("A1"), letter, "bounce", on="1")
    told = (client_for("F6").get("/my/data.json").json or {})["letters"][0]

    assert told["bounced_at"]
    assert "bounced_by" not in told
    assert "退信" in client_for("F6").get("/my/data").text
