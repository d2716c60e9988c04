"""Early closing: organiser, employees and reminders say the same, and who waits is told that they still move up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.campaigns.rules import ScheduleState
from eventreg.campaigns.wording import LetterWords
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.delivery.contents import default_wording
from eventreg.registrations import announcing
from eventreg.reminders import service as reminders
from eventreg.reminders.rules import (
    Anchor,
    AnchorSide,
    NoSlotReason,
    OffsetUnit,
    ReminderInput,
    ReminderTiming,
    slot_of,
)
from eventreg.season import reschedule
from tests.registrations.test_prospects import text
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.clients import send
from tests.rig.plan_pages import OUTING, organised, sent
from tests.rig.plans import as_new, do, facts

ClientFor = Callable[..., FlaskClient]
PAGE, FORM = "/campaigns/outing", "/campaigns/outing/registration"
EARLY = "报名已提前截止"
BEFORE = ReminderTiming(Anchor.DEADLINE, AnchorSide.BEFORE, 1, OffsetUnit.DAYS, time(9))


@pytest.fixture
def receipts(app: Flask, client_for: ClientFor) -> dict[str, str]:
    """A1 organises; C3 and D4 have the two places, E5 waits; sign-ups were closed early."""
    organised(app)
    found = {who: send(client_for(who), FORM).location for who in ("C3", "D4", "E5")}
    assert sent(client_for("A1"), OUTING, f"{OUTING}/closing").status_code == 303
    return found


def test_all_pages_say_the_same(app: Flask, client_for: ClientFor, receipts: dict[str, str]) -> None:
    pages = {
        path: text(client_for(who), path)
        for who, path in (("A1", OUTING), ("A1", "/manage"), ("F6", "/"), ("F6", PAGE))
    }

    assert {path: EARLY in page for path, page in pages.items()} == dict.fromkeys(pages, True)
    assert "原定" in pages[OUTING]
    assert "组织者提前截止，原定" in pages[PAGE]
    assert "候补的同事照样按编号递补" in pages[PAGE]


def test_who_waits_is_told_and_still_moves_up(
    app: Flask, client_for: ClientFor, receipts: dict[str, str]
) -> None:
    told = text(client_for("E5"), receipts["E5"])
    cast.withdraw(app, cast.find_stage(app), "C3", now=utc_now())

    assert "报名已提前截止，不再收新的；你还在候补，照样按编号递补。" in told
    assert sight.places(app)["E5"] == "seated"
    assert "重新" not in text(client_for("C3"), receipts["C3"])


@pytest.mark.parametrize("who", ["C3", "E5"])
def test_who_wants_to_withdraw_is_not_told_to_come_back(
    client_for: ClientFor, receipts: dict[str, str], who: str
) -> None:
    told = text(client_for(who), f"{receipts[who]}/withdrawal")

    assert ["报名已经截止，退出以后不能再报。" in told, "在截止以前重新" in told] == [True, False]


def test_reminders_count_from_the_closing_and_from_the_deadline_again(app: Flask) -> None:
    stage = organised(app)
    after = ReminderInput("seated", ReminderTiming(Anchor.DEADLINE, AnchorSide.AFTER, 2, OffsetUnit.HOURS))
    before, now = ReminderInput("unsigned", BEFORE), utc_now()
    for wanted in (before, after):
        do(app, "outing", reminders.add, wanted, now=now)

    def slots() -> list[tuple[object, str]]:
        with app.app_context():
            found = reminders.list_rules(stage.campaign_id)
        return [(rule.slot_at, str(rule.progress)) for rule in found]

    planned = slots()
    with app.app_context(), unit_of_work():
        reschedule.close(stage.campaign_id, actor=acting("test", now))
    closed = slots()
    with app.app_context(), unit_of_work():
        reschedule.reopen(stage.campaign_id, actor=acting("test", now))

    assert [progress for _at, progress in closed] == ["passed", "planned"]
    assert closed[1][0] == now + timedelta(hours=2)
    assert slots() == planned


def test_no_reminder_is_due_while_all_is_called_off(app: Flask, stage: cast.Stage) -> None:
    for activity in facts(app, "outing").activities:
        off = as_new(activity, schedule=ScheduleState.CANCELLED)
        do(app, "outing", announcing.change_activity, activity.id, off)

    assert slot_of(BEFORE, facts(app, "outing")).lack is NoSlotReason.CALLED_OFF


@pytest.mark.parametrize("kind", sorted(default_wording.UNTRUE_WHEN_CALLED_OFF))
def test_letters_promise_nothing_while_all_is_called_off(app: Flask, stage: cast.Stage, kind: str) -> None:
    def words() -> LetterWords:
        campaign = facts(app, "outing")
        with app.app_context(), app.test_request_context():
            return default_wording.words_of(kind, campaign)

    before = words()
    for activity in facts(app, "outing").activities:
        off = as_new(activity, schedule=ScheduleState.CANCELLED)
        do(app, "outing", announcing.change_activity, activity.id, off)

    assert words().subject == before.subject
    assert words().lines == ("活动已经取消，各个项目都不办了，不用到场。",)
    assert before.lines != words().lines
