"""What people read about moved dates: one letter for all parts, the question with its link, offers, and silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.campaigns.rules import ScheduleState
from eventreg.config import Settings
from eventreg.core.db.session import unit_of_work
from eventreg.delivery.contents.date_letters import ChangedActivity, change_of
from eventreg.people import service as people
from eventreg.registrations.confirming.rules import ConfirmFor
from eventreg.words.locale import speaking
from tests.registrations.confirming.morning import (
    A_DAY,
    EVENING,
    HOUR,
    SEVEN,
    accept,
    asked,
    ended,
    keep_running,
    live,
    move,
    run,
)
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.plans import facts

from .test_letters import deliver_all, mails, part


def text_of(mail: EmailMessage) -> str:
    """The plain text of a letter."""
    return str(part(mail, "text/plain").get_content())


def test_a_letter_about_two_parts_asks_with_a_link_and_has_a_file_for_each(
    app: Flask, stage: Stage, settings: Settings
) -> None:
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    deliver_all(app)
    before = len(mails(settings))
    move(app, note="明天有雨")
    deliver_all(app)

    first, _second, waiting = mails(settings)[before:]
    files = [p for p in first.walk() if p.get_content_type() == "text/calendar"]
    link = f"http://localhost/my/registrations/{live(app, stage, 'A1')}/confirmation"
    assert first["subject"] == "日程有变：徒步游、风筝赛：踏春嘉年华、健康伴我行"
    assert len(files) == 2
    told = text_of(first)
    assert {line for line in ("明天有雨", link, "3月5日(周五)") if line not in told} == set()
    assert "请在 3月4日(周四) 18:00 前点下面的按钮" in told
    assert "confirmation" not in text_of(waiting)


def test_an_unsent_letter_of_the_first_move_stays_unsent_and_the_second_asks(
    app: Flask, stage: Stage, settings: Settings
) -> None:
    cast.sign_up(app, stage, "A1")
    deliver_all(app)
    before = len(mails(settings))
    move(app)
    move(app, 2, confirm_by=EVENING + 2 * HOUR, now=SEVEN + 2 * HOUR)
    deliver_all(app)

    [only] = mails(settings)[before:]
    assert "3月6日(周六)" in text_of(only)
    assert "请在 3月4日(周四) 20:00 前点下面的按钮" in text_of(only)
    assert [state for kind, state in sight.letters(app) if kind == "activity_changed"] == ["withheld", "sent"]


def test_an_offer_says_until_when_and_silence_is_told(app: Flask, stage: Stage, settings: Settings) -> None:
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    move(app)
    accept(app, SEVEN)
    for n in range(23):
        run(app, SEVEN - HOUR + n * HOUR / 2)
    deliver_all(app)
    before = len(mails(settings))
    run(app, EVENING)
    deliver_all(app)

    subjects = {str(m["to"])[:2]: str(m["subject"]).partition("：")[0] for m in mails(settings)[before:]}
    told = {str(m["to"])[:2]: text_of(m) for m in mails(settings)[before:]}
    assert subjects == {"a1": "已退出", "b2": "已退出", "c3": "轮到你了，请确认"}
    assert "到时没有收到确认" in told["a1"]
    assert "这个名额要先确认：请在 3月4日(周四) 20:00 前点下面的按钮" in told["c3"]
    assert asked(app) == {"C3": (str(ConfirmFor.OFFER), EVENING + 2 * HOUR)}


def test_a_contact_reads_whom_no_letter_reached_as_long_as_they_have_not_answered(
    app: Flask, stage: Stage, settings: Settings
) -> None:
    with app.app_context(), unit_of_work():
        team = people.find_unit("城关供电所/运维一班")
        grants.grant(
            stage.people["E5"], Role.UNIT_CONTACT, unit_id=team, actor=acting("test", SEVEN - timedelta(1))
        )
    cast.sign_up(app, stage, "D4")
    deliver_all(app)
    before = len(mails(settings))
    move(app)
    deliver_all(app)
    [told] = [m for m in mails(settings)[before:] if m["to"] == "e5@example.cn"]
    move(app, 1, confirm_by=None, now=SEVEN + A_DAY / 24)  # nothing differs: nobody is told twice
    run(app, EVENING)

    assert told["subject"] == "请转告同事：踏春嘉年华、健康伴我行"
    assert "邓力" in text_of(told)
    assert [kind for kind, _state in sight.letters(app)].count("colleagues_unreached") == 1


def test_a_contact_is_told_once_when_it_is_too_late_for_a_letter_to_count(app: Flask, stage: Stage) -> None:
    """B2 has a mailbox, and mail is down: six hours before the end nobody can be reached any more."""
    with app.app_context(), unit_of_work():
        team = people.find_unit("营销部/客户服务班")
        actor = acting("test", SEVEN - timedelta(1))
        grants.grant(stage.people["A1"], Role.UNIT_CONTACT, unit_id=team, actor=actor)
    cast.sign_up(app, stage, "B2")
    move(app)

    def told() -> int:
        return [kind for kind, _state in sight.letters(app)].count("colleagues_unreached")

    counts = []
    for at in (EVENING - 6 * HOUR, EVENING - 6 * HOUR + HOUR / 60, EVENING, EVENING + HOUR):
        run(app, at)
        counts.append(told())
    move(app, 2, confirm_by=EVENING + 8 * HOUR, now=EVENING + HOUR)
    run(app, EVENING + 3 * HOUR)
    counts.append(told())

    assert counts == [0, 1, 1, 1, 2]


def test_a_letter_that_was_only_written_to_a_file_reached_nobody(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    move(app)
    deliver_all(app)  # there is no mail server here

    keep_running(app, SEVEN - HOUR, EVENING + HOUR)

    assert ended(app) == {}


@pytest.mark.parametrize(
    ("schedule", "was", "alone", "among_others"),
    [
        (ScheduleState.MOVED, "confirmed", "日程有变", "“徒步游”的日程有变"),
        (ScheduleState.CONFIRMED, "tentative", "日程已确定", "“徒步游”的日程已确定"),
        (ScheduleState.CANCELLED, "confirmed", "活动取消", "“徒步游”取消"),
    ],
)
def test_what_bears_the_name_of_its_event_is_not_named_twice(
    sqlite_app: Flask, schedule: ScheduleState, was: str, alone: str, among_others: str
) -> None:
    cast.set_stage(sqlite_app)
    hike = facts(sqlite_app, "outing").activities[0]
    changed = [ChangedActivity(replace(hike, title="徒步游", schedule=schedule), {"schedule": was})]

    with sqlite_app.test_request_context(), speaking("zh-CN"):
        assert change_of(changed, event="徒步游") == alone
        assert change_of(changed, event="踏春嘉年华") == among_others
