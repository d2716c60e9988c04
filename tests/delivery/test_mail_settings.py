"""The administrator's page of mail: settings without secrets, and a test letter that shows the server's answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from socket import create_server

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.config import Settings
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.trail.audit import AuditEntry
from eventreg.delivery.mail import trial
from eventreg.delivery.mail.smtp import SmtpTimeouts
from tests.conftest import close, make_app
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.clients import signed_in_client, token_in

from .mail_server import Box, free_port, smtp

PAGE = "/manage/mail"
SECRET = "s3cret-of-mail"


@contextmanager
def administered(
    settings: Settings, *, smtp_url: str = "", mail_reply_to: str = ""
) -> Iterator[tuple[Flask, FlaskClient]]:
    """The product with these settings, and a browser of its administrator F6."""
    app = make_app(replace(settings, smtp_url=smtp_url, mail_reply_to=mail_reply_to))
    stage = cast.set_stage(app, now=cast.lately())
    with app.app_context(), unit_of_work():
        grants.grant(
            stage.people["F6"], Role.ADMINISTRATOR, unit_id=None, actor=acting("test", cast.lately())
        )
    yield app, signed_in_client(app, "F6")
    close(app)


def tried(client: FlaskClient) -> tuple[int, str]:
    """Press the button; status and page, with the marks of HTML undone that an answer may hold."""
    answer = client.post(f"{PAGE}/test", data={"csrf_token": token_in(client.get(PAGE))})
    return answer.status_code, answer.text.replace("&#39;", "'")


def answer_in(page: str) -> str:
    """The answer that the page shows."""
    found = re.search(r"<code>([^<]*)</code></p>", page)
    return found[1] if found else ""


@pytest.mark.parametrize("shown", [f"smtps://robot:{SECRET}@mail.example.cn?rate=60&batch=20"])
def test_the_settings_are_shown_without_the_password(settings: Settings, shown: str) -> None:
    with administered(settings, smtp_url=shown, mail_reply_to="events@example.cn") as (_app, client):
        text = client.get(PAGE).text

    told = ("mail.example.cn:465", "robot", "60 封", "20 封", "events@example.cn", "smtps")
    assert [word in text for word in told] == [True] * len(told)
    assert SECRET not in text
    assert "没有邮件服务器" not in text


def test_a_test_letter_shows_the_servers_answer(settings: Settings) -> None:
    box = Box()
    with smtp(box) as port, administered(settings, smtp_url=f"smtp://127.0.0.1:{port}") as (app, client):
        status, page = tried(client)
        with app.app_context():
            entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "mail.tested")).one()
            facts = entry.facts

    assert (status, answer_in(page)) == (200, "250 OK")
    assert "邮件服务器收下了测试信" in page
    assert b"f6@example.cn" in box.got[0]
    assert facts == {"outcome": "accepted"}


def test_a_refusal_is_shown_in_the_servers_words(settings: Settings) -> None:
    box = Box(rcpt="550 5.1.1 no such <mailbox> here")
    with smtp(box) as port, administered(settings, smtp_url=f"smtp://127.0.0.1:{port}") as (_app, client):
        status, page = tried(client)

    assert (status, answer_in(page)) == (200, "550 5.1.1 no such &lt;mailbox&gt; here")
    assert "测试信没有发出去" in page


def test_a_server_that_is_not_there_is_said_to_be_so(settings: Settings) -> None:
    url = f"smtp://robot:{SECRET}@127.0.0.1:{free_port()}"
    with administered(settings, smtp_url=url) as (_app, client):
        status, page = tried(client)

    assert status == 200
    assert "refused" in answer_in(page).lower()
    assert SECRET not in page


def test_a_silent_server_is_not_waited_for_long(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "WAITS", SmtpTimeouts(connect=0.2, command=0.2, dot=0.2))
    with create_server(("127.0.0.1", 0)) as silent:
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        with administered(settings, smtp_url=url) as (_app, client):
            page = tried(client)[1]

    assert "TimeoutError" in answer_in(page)


def test_without_a_server_it_is_written_to_a_file(settings: Settings) -> None:
    with administered(settings) as (_app, client):
        page = tried(client)[1]
    [file] = (settings.instance / "mail").glob("*.eml")

    assert answer_in(page) == file.name
    assert "测试信已写成文件，没有发出" in page
    assert "邮件服务器收下了测试信" not in page


def test_only_one_test_letter_goes_at_a_time(settings: Settings) -> None:
    with administered(settings) as (_app, client), trial.ONE_AT_A_TIME:
        status, page = tried(client)
        files = list(Path(settings.instance / "mail").glob("*.eml"))

    assert (status, files) == (409, [])
    assert "有一封测试信正在发" in page


def test_who_has_no_mailbox_is_told_so(settings: Settings) -> None:
    from eventreg.people.models import Person

    with administered(settings) as (app, client):
        with app.app_context(), unit_of_work():
            db.session.query(Person).filter_by(staff_no="F6").one().email = None
        page = client.get(PAGE).text

    assert "名册里没有你的邮箱" in page
    assert "发一封测试信</span>" not in page


def test_the_time_outs_are_those_of_a_page_and_not_of_a_worker() -> None:
    assert (trial.WAITS.connect, trial.WAITS.command, trial.WAITS.dot) == (5.0, 5.0, 10.0)
