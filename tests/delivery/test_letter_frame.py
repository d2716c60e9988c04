"""What stands around a letter's content: the greeting, who sends it, whom to ask, how to withdraw, why it came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
import time_machine
from flask import Flask

from eventreg.accounts import sign_in_codes
from eventreg.config import BadSetting, Settings, environment
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.delivery.contents.content import LetterContent
from eventreg.delivery.contents.frame import frame_of
from eventreg.people import service as people
from tests.conftest import close, make_app
from tests.rig import cast
from tests.rig.cast import NOW, Stage
from tests.rig.plans import HOUR, as_new, do, facts

from .test_letters import deliver_all, mails, part

CONTACT = "禾川农电 党群工作部发出，有问题请打电话 8206。"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """The sender reads the clock: let it read the cast's instant."""
    with time_machine.travel(NOW, tick=True):
        yield


def both(mail: EmailMessage) -> tuple[str, str]:
    """The two texts of a letter, without the characters that keep names from becoming links."""
    texts = (str(part(mail, kind).get_content()) for kind in ("text/plain", "text/html"))
    plain, html = (text.replace("\u2060", "") for text in texts)
    return plain, html


def test_a_place_is_told_with_greeting_how_to_withdraw_and_whom_to_ask(
    app: Flask, stage: Stage, settings: Settings
) -> None:
    receipt = cast.sign_up(app, stage, "A1")
    deliver_all(app)

    leave = f"http://localhost/my/registrations/{receipt.id}/withdrawal"
    for text in both(mails(settings)[0]):
        assert [
            said in text for said in ("安娜，你好。", CONTACT, leave, "你收到这封信，是因为你在 2月20日")
        ] == [True] * 4
        assert "不能来了？请在活动开始前退出报名。" in text
        assert "候补的同事" not in text


def test_with_an_hour_the_letter_says_until_when_one_may_withdraw(
    app: Flask, stage: Stage, settings: Settings
) -> None:
    from eventreg.registrations import announcing

    for activity in facts(app, "outing").activities:
        times = {"starts_at": cast.DAY + 9 * HOUR, "ends_at": cast.DAY + 12 * HOUR, "time_known": True}
        do(app, "outing", announcing.change_activity, activity.id, as_new(activity, **times))
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    deliver_all(app)

    seated, waiting = both(mails(settings)[0])[0], both(mails(settings)[-1])[0]
    assert "不能来了？请在 3月4日(周四) 09:00 前退出报名。名额会马上给候补的同事。" in seated
    assert "不想等了？请在 3月4日(周四) 09:00 前退出候补。" in waiting


def test_the_letter_speaks_english_around_its_content_too(
    app: Flask, stage: Stage, settings: Settings
) -> None:
    with app.app_context(), unit_of_work():
        people.choose_locale(stage.people["A1"], "en")
    cast.sign_up(app, stage, "A1")
    deliver_all(app)

    text = both(mails(settings)[0])[0]
    assert "Hello 安娜," in text
    assert "Sent by 禾川农电 党群工作部. Questions? Call 8206." in text
    assert "Cannot come?" in text


def test_a_withdrawal_does_not_say_how_to_withdraw(app: Flask, stage: Stage, settings: Settings) -> None:
    cast.sign_up(app, stage, "A1")
    cast.withdraw(app, stage, "A1")
    deliver_all(app)

    [mail] = mails(settings)
    assert [("/withdrawal" in text, CONTACT in text) for text in both(mail)] == [(False, True)] * 2


def test_when_all_is_called_off_nobody_is_asked_to_withdraw(
    app: Flask, stage: Stage, settings: Settings
) -> None:
    from eventreg.campaigns.rules import ScheduleState
    from eventreg.registrations import announcing

    cast.sign_up(app, stage, "A1")
    deliver_all(app)
    for activity in facts(app, "outing").activities:
        off = as_new(activity, schedule=ScheduleState.CANCELLED)
        do(app, "outing", announcing.change_activity, activity.id, off)
        deliver_all(app)

    assert ["/withdrawal" in both(mail)[0] for mail in mails(settings)] == [True, True, False]


def test_a_code_says_whom_to_ask_too(app: Flask, stage: Stage, settings: Settings) -> None:
    with app.app_context(), unit_of_work():
        sign_in_codes.ask("A1", address="127.0.0.1", locale="zh-CN", keys=stage.keys, now=utc_now())
    deliver_all(app)

    assert [CONTACT in text for text in both(mails(settings)[0])] == [True, True]


def test_the_name_that_an_organiser_wrote_at_the_beginning_is_not_greeted_twice(
    app: Flask, stage: Stage
) -> None:
    with app.test_request_context():
        greetings = [
            frame_of(LetterContent("s", "h", lines), stage.people["A1"]).greeting
            for lines in (("安娜：请带伞。",), ("请带伞。", "安娜"), ())
        ]

    assert greetings == ["", "安娜，你好。", "安娜，你好。"]


def test_only_a_place_is_headed_by_a_green_tick(app: Flask, stage: Stage, settings: Settings) -> None:
    from eventreg.campaigns.rules import ScheduleState
    from eventreg.registrations import announcing

    cast.sign_up(app, stage, "A1")
    deliver_all(app)
    hike, kites = facts(app, "outing").activities
    moved = as_new(
        hike, starts_at=hike.starts_at + timedelta(days=1), ends_at=hike.ends_at + timedelta(days=1)
    )
    do(app, "outing", announcing.change_activity, hike.id, moved)
    off = as_new(kites, schedule=ScheduleState.CANCELLED)
    do(app, "outing", announcing.change_activity, kites.id, off)
    deliver_all(app)

    found = [both(mail)[1] for mail in mails(settings)]
    assert [("✓" in html, "#2a6138" in html) for html in found] == [
        (True, True),
        (False, False),
        (False, False),
    ]


def test_answers_go_where_the_setting_says(settings: Settings) -> None:
    app = make_app(replace(settings, mail_reply_to="三八活动组 <events@example.cn>"))
    stage = cast.set_stage(app)
    cast.sign_up(app, stage, "A1")
    deliver_all(app)
    [mail] = mails(settings)
    close(app)

    assert str(mail["reply-to"]) == "三八活动组 <events@example.cn>"
    assert ["也可以直接回复这封信。" in text for text in both(mail)] == [True, True]


def test_without_the_setting_no_answer_is_invited(app: Flask, stage: Stage, settings: Settings) -> None:
    cast.sign_up(app, stage, "A1")
    deliver_all(app)

    [mail] = mails(settings)
    assert mail["reply-to"] is None
    assert ["回复" in text for text in both(mail)] == [False, False]


def test_a_mailbox_for_answers_that_is_none_is_refused_at_the_start() -> None:
    assert environment({"EVENTREG_MAIL_REPLY_TO": "a@b.cn"}).mail_reply_to == "a@b.cn"
    for bad in ("nobody", "a@b@c", "Li <>", "李@b.cn", "a@..cn", "Li\nBcc: x@y.cn <a@b.cn>"):
        with pytest.raises(BadSetting, match="EVENTREG_MAIL_REPLY_TO"):
            environment({"EVENTREG_MAIL_REPLY_TO": bad})
