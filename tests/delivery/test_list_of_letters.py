"""The list of letters: in words, filtered, an organiser's own, and nothing of what a letter says."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from eventreg.accounts import grants, sign_in_codes
from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants, writing
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.outbox.models import Letter
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.statements import statements

LETTERS = "/manage/letters"


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing with two places, its organiser E5, an administrator F6; three signed up, one left."""
    set_up = cast.set_stage(app, now=cast.lately())
    since = utc_now() - timedelta(minutes=5)
    with app.app_context(), unit_of_work():
        campaign_grants.grant(set_up.people["E5"], Role.ORGANISER, "outing", actor=acting("test", since))
        grants.grant(set_up.people["F6"], Role.ADMINISTRATOR, unit_id=None, actor=acting("test", since))
    for staff_no in ("A1", "D4", "C3"):
        cast.sign_up(app, set_up, staff_no, now=utc_now())
    cast.withdraw(app, set_up, "A1", now=utc_now())
    with app.app_context(), unit_of_work():
        sign_in_codes.ask("B2", address="127.0.0.1", locale="zh-CN", keys=set_up.keys, now=utc_now())
    return set_up


def listed(client: FlaskClient, query: str = "") -> list[tuple[str, str]]:
    """(what about, to whom) of the letters on a page."""
    page = client.get(f"{LETTERS}?{query}")
    assert page.status_code == 200
    found = r"<strong>(?:<a [^>]*>)?([^<]*)(?:</a>)?</strong><span>([^<]*)</span>"
    return re.findall(found, page.text.replace(' lang="zh-CN"', ""))


def test_an_organiser_sees_the_letters_of_her_campaigns(
    stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    assert listed(client_for("E5")) == [
        ("递补通知", "陈雨桐 c3@example.cn"),
        ("退出通知", "安娜 a1@example.cn"),
        ("候补通知", "陈雨桐 c3@example.cn"),
        ("报上通知", "邓力 没有邮箱"),
        ("报上通知", "安娜 a1@example.cn"),
    ]


def test_an_administrator_sees_also_that_there_was_a_code_and_no_more(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    page = client_for("F6").get(LETTERS).text
    with app.app_context():
        letter = db.session.query(Letter).filter_by(kind="sign_in_code").one()
        code, expires = stage.keys.opened(letter.sealed or b""), letter.facts["expires_at"]

    assert listed(client_for("F6"))[0] == ("登录验证码", "薄言 b2@example.cn")
    assert [secret in page for secret in (code, expires, expires[:16], letter.key)] == [False] * 4


def test_a_code_is_no_letter_of_a_campaign(stage: Stage, client_for: Callable[..., FlaskClient]) -> None:
    organiser = client_for("E5")

    assert listed(organiser, "kind=sign_in_code") == []
    assert "登录验证码" not in organiser.get(LETTERS).text


def test_another_campaign_s_organiser_sees_none_of_them(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    with app.app_context(), unit_of_work():
        since = utc_now() - timedelta(minutes=5)
        writing.publish(
            cast.outing(3, slug="other", published_at=utc_now() - timedelta(hours=1)),
            season_id=1,
            notice_id=stage.notice_id,
            actor=acting("test", since),
        )
        campaign_grants.grant(stage.people["B2"], Role.ORGANISER, "other", actor=acting("test", since))
    other = client_for("B2")

    assert [listed(other), listed(other, f"campaign={stage.campaign_id}")] == [[], []]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=withheld", ["报上通知"]),
        ("state=sent", []),
        ("kind=registration_waiting", ["候补通知"]),
        ("kind=registration_seated&state=queued", ["报上通知"]),
        ("kind=x%27--", ["递补通知", "退出通知", "候补通知", "报上通知", "报上通知"]),
        ("state=nothing&page=99", ["递补通知", "退出通知", "候补通知", "报上通知", "报上通知"]),
        ("campaign=999", []),
    ],
)
def test_filters_take_what_is_offered_and_nothing_else(
    stage: Stage, client_for: Callable[..., FlaskClient], query: str, found: list[str]
) -> None:
    assert [kind for kind, _to in listed(client_for("E5"), query)] == found


def test_each_state_says_why(app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]) -> None:
    said = {"failed": "SMTPRecipientsRefused 550", "queued": "TimeoutError"}
    with app.app_context(), unit_of_work():
        for (state, trouble), id_ in zip(said.items(), (1, 3), strict=True):
            values = {"state": state, "trouble": trouble, "attempts": 2}
            db.session.execute(update(Letter).where(Letter.id == id_).values(**values))
    page = client_for("E5").get(LETTERS).text

    for words in (
        "邮件服务器不收：SMTPRecipientsRefused 550。请核对邮箱",
        "试过 2 次还没有发成，会自动再试",
        "名册里没有邮箱",
    ):
        assert words in page


def test_many_letters_take_as_many_statements_as_few(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    counts, organiser = [], client_for("E5")
    for _ in range(2):
        with statements(app) as seen:
            organiser.get(LETTERS)
        counts.append(len(seen))
        cast.sign_up(app, stage, "F6", now=utc_now())

    assert counts[0] == counts[1]
