"""An organiser's own message: counted and looked at, sent once, told in words; nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from threading import Thread

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.outbox.models import Letter
from eventreg.people.units import list_units
from eventreg.registrations import message_rules
from eventreg.registrations.models import Answer
from eventreg.registrations.reading import find_live
from tests.delivery.test_letters import deliver_all, mails, part
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage
from tests.rig.clients import signed_in_client, token_in
from tests.rig.plan_pages import OUTING, organised
from tests.rig.plans import facts
from tests.rig.statements import statements
from tests.web.test_cost import fill

ClientFor = Callable[..., FlaskClient]
MESSAGES, NEW = f"{OUTING}/messages", f"{OUTING}/messages/new"
TYPED = {"to": "seated", "subject": "集合：{{活动}}", "text": "{{姓名}}：\n八点二十在公司南门。"}


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """The sender reads the clock: let it read the cast's instant."""
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def stage(app: Flask) -> Stage:
    """A1 organises; A1 and D4 (without mailbox) have places, C3 and E5 wait."""
    set_up = organised(app)
    for who in ("A1", "D4", "C3", "E5"):
        cast.sign_up(app, set_up, who, now=utc_now())
    return set_up


def hidden(page: TestResponse, name: str) -> str:
    """What a hidden field of the page holds."""
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page.text)
    value = re.search(r'value="([^"]*)"', tag[0]) if tag else None
    return value[1] if value else ""


def looked(client: FlaskClient, **typed: str) -> tuple[TestResponse, dict[str, str]]:
    """The page that shows a message before it is sent, and the form as it would be sent."""
    first = client.get(NEW)
    form = {"csrf_token": token_in(first), "key": hidden(first, "key"), **TYPED, **typed}
    page = client.post(NEW, data=form | {"look": "1"})
    count = re.search(r'name="send" value="(\d+)"', page.text)
    return page, form | {"looked": hidden(page, "looked"), "send": count[1] if count else ""}


def posted(app: Flask) -> list[tuple[str, str | None, str]]:
    """(key, address, state) of the letters of messages."""
    with app.app_context():
        rows = db.session.execute(
            select(Letter.key, Letter.address, Letter.state)
            .where(Letter.kind == "message")
            .order_by(Letter.id)
        )
        return [(key, address, state) for key, address, state in rows]


def test_it_is_counted_and_shown_before_anything_is_sent(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    page, form = looked(client_for("A1"))
    text = unescape(page.text)

    assert (page.status_code, form["send"], posted(app)) == (200, "2", [])
    for words in ("还有 1 人没有邮箱，收不到", "集合：踏春嘉年华、健康伴我行", "安娜：", "发给 2 人"):
        assert words in text


def test_everybody_of_the_audience_gets_it_once_and_the_history_says_how_it_stands(
    app: Flask, stage: Stage, settings: Settings, client_for: ClientFor
) -> None:
    client = client_for("A1")
    form = looked(client)[1]
    answers = [client.post(NEW, data=form).status_code for _click in range(2)]
    deliver_all(app)

    hers = next(m for m in mails(settings) if str(m["subject"]).startswith("集合"))
    assert answers == [303, 303]
    assert posted(app) == [
        (f"message:1:{stage.people['A1']}", "a1@example.cn", "sent"),
        (f"message:1:{stage.people['D4']}", None, "withheld"),
    ]
    assert "安娜：\n八点二十在公司南门。" in part(hers, "text/plain").get_content()
    told = client.get(MESSAGES).text
    for words in ("集合：踏春嘉年华", "已报上的人，2 人", "已写成文件 1，没有发 1", "安娜"):
        assert words in told
    assert "写信给 2 人" in client.get(f"{OUTING}/history").text


@pytest.mark.parametrize(
    ("typed", "to"),
    [
        ({"to": "seated"}, ["A1", "D4"]),
        ({"to": "waiting"}, ["C3", "E5"]),
        ({"to": "unit", "unit": "营销部"}, ["A1", "C3"]),
        ({"to": "unit", "unit": "营销部 抄核收班"}, ["C3"]),
        ({"to": "answer", "question": "remark", "answer": "素食"}, ["E5"]),
        ({"to": "answer", "question": "remark", "answer": "100%_"}, []),
    ],
)
def test_each_audience_is_who_it_says(
    app: Flask, stage: Stage, client_for: ClientFor, typed: dict[str, str], to: list[str]
) -> None:
    client = client_for("A1")
    with app.app_context():
        live = find_live(stage.campaign_id, stage.people["E5"])
        units = {path: str(id_) for id_, path in list_units()}
        with unit_of_work():
            db.session.add(
                Answer(registration_id=live.id if live else 0, question_id=2, value="我吃素食，谢谢")
            )
    asked = typed | ({"unit": units[typed["unit"]]} if "unit" in typed else {})
    page, form = looked(client, **asked)
    if not to:
        assert page.status_code == 422
        assert "现在这里一个人也没有" in page.text
        return
    client.post(NEW, data=form)

    assert [key for key, _address, _state in posted(app)] == [f"message:1:{stage.people[no]}" for no in to]


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("subject", "{{姓名}}", "不能放在标题里"),
        ("subject", "", "还没有填"),
        ("text", "{{位次}}", "不能插入“{{位次}}”"),
        ("to", "everybody", "请选一项"),
    ],
)
def test_what_cannot_be_sent_is_said_at_its_field(
    app: Flask, stage: Stage, client_for: ClientFor, field: str, typed: str, says: str
) -> None:
    page, _form = looked(client_for("A1"), **{field: typed})
    text = unescape(page.text)

    assert page.status_code == 422
    assert says in text
    assert posted(app) == []
    assert ("八点二十在公司南门。" in text, "集合：{{活动}}" in text) == (field != "text", field != "subject")


def test_words_that_nobody_has_looked_at_are_shown_first(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    client = client_for("A1")
    form = looked(client)[1] | {"text": "改过的正文"}
    page = client.post(NEW, data=form)

    assert page.status_code == 200
    assert "预览：还没有发出" in page.text
    assert posted(app) == []


def test_another_number_of_people_is_shown_again_with_all_that_was_typed(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    client = client_for("A1")
    form = looked(client, to="waiting")[1]
    cast.sign_up(app, stage, "F6", now=utc_now())
    page = client.post(NEW, data=form)

    assert (page.status_code, posted(app)) == (409, [])
    assert ["现在是 3 人" in page.text, "八点二十" in page.text, "发给 3 人" in page.text] == [True] * 3


def test_above_five_hundred_people_the_number_is_typed_once_more(sqlite_app: Flask) -> None:
    now = utc_now() - timedelta(hours=1)
    crowded = cast.set_stage(sqlite_app, capacity=600, extra=501, now=now)
    with sqlite_app.app_context(), unit_of_work():
        campaign_grants.grant(crowded.people["A1"], Role.ORGANISER, "outing", actor=acting("test", now))
    fill(sqlite_app, crowded, 501)
    client = signed_in_client(sqlite_app, "A1")
    page, form = looked(client)

    assert "收信的人数" in page.text
    for typed in ("", "500", "全部"):
        refused = client.post(NEW, data=form | {"confirm": typed})
        assert refused.status_code == 422
        assert "请在这里写上人数 501" in refused.text
    assert posted(sqlite_app) == []
    assert client.post(NEW, data=form | {"confirm": "501"}).status_code == 303
    assert len(posted(sqlite_app)) == 501


def test_the_sixth_of_a_day_waits_for_the_next(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    client = client_for("A1")
    for n in range(message_rules.MOST_A_DAY):
        assert client.post(NEW, data=looked(client, subject=f"第 {n} 封")[1]).status_code == 303
    refused = client.post(NEW, data=looked(client)[1])

    assert refused.status_code == 409
    assert "今天已经发了 5 次" in refused.text
    assert "八点二十" in refused.text
    with time_machine.travel(utc_now() + timedelta(days=1), tick=True):
        tomorrow = client_for("A1")
        assert tomorrow.post(NEW, data=looked(tomorrow)[1]).status_code == 303


@pytest.mark.race
def test_two_clicks_at_one_instant_send_it_once(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    client = client_for("A1")
    form = looked(client)[1]
    other, answers = client_for("A1"), list[int]()
    with other.session_transaction() as session, client.session_transaction() as mine:
        session.update(mine)
    clicks = [
        Thread(target=lambda c=c: answers.append(c.post(NEW, data=form).status_code)) for c in (client, other)
    ]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()

    assert (answers, len(posted(app))) == ([303, 303], 2)


def test_without_its_key_the_same_form_is_two_messages(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    """The control of the test above: it is the key that makes two clicks one."""
    client = client_for("A1")
    form = looked(client)[1] | {"key": ""}
    for _click in range(2):
        client.post(NEW, data=form)

    assert len(posted(app)) == 4


def test_who_withdrew_before_it_went_out_does_not_get_it(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    client = client_for("A1")
    client.post(NEW, data=looked(client)[1])
    cast.withdraw(app, stage, "A1", now=utc_now())
    deliver_all(app)

    assert [state for _key, _address, state in posted(app)] == ["withheld", "withheld"]


def test_nobody_wants_it_once_the_campaign_is_over(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    client = client_for("A1")
    client.post(NEW, data=looked(client)[1])
    with app.app_context():
        expires = db.session.scalars(select(Letter.expires_at).where(Letter.kind == "message")).all()

    assert set(expires) == {facts(app, "outing").ends_at}
    assert message_rules.expiry(NOW, now=NOW) == NOW + message_rules.AFTERWARDS


def test_many_people_take_as_many_statements_as_few(app: Flask, client_for: ClientFor) -> None:
    set_up = organised(app)
    cast.set_capacity(app, set_up, None, now=utc_now())
    counts, client = list[int](), client_for("A1")
    for crowd in (("A1",), ("B2", "C3", "E5", "F6")):
        for who in crowd:
            cast.sign_up(app, set_up, who, now=utc_now())
        form = looked(client)[1]
        with statements(app) as seen:
            assert client.post(NEW, data=form).status_code == 303
        counts.append(len(seen))

    assert counts[0] == counts[1]
