"""A job at work, or one organiser, while another saves: both are done, neither waits for the other for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from eventreg.chat import news
from eventreg.chat import service as robot_service
from eventreg.chat.models import Robot
from eventreg.chat.rules import places_word
from eventreg.core.db.session import db, unit_of_work
from eventreg.reminders import making, reach
from eventreg.reminders import service as reminders
from eventreg.reminders.reminder_facts import facts_of
from eventreg.reminders.rules import ReminderInput
from eventreg.season import reschedule
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.at_once import run_at_once
from tests.rig.cast import NOW, Stage
from tests.rig.plans import basics, facts
from tests.rig.reminding import MORNING, SLOT, remind_of

pytestmark = pytest.mark.race

MEANWHILE = 0.5  # seconds in which the other locks what it can


def slow(work: Callable[..., Any], begun: threading.Event) -> Callable[..., Any]:
    """The same, after the other has had its time."""

    def later(*args: Any, **named: Any) -> Any:
        begun.set()
        time.sleep(MEANWHILE)
        return work(*args, **named)

    return later


@pytest.mark.parametrize("what", ["made", "changed"])
def test_a_reminder_and_the_plan_at_once(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    cast.sign_up(app, stage, "A1")
    rule_id = remind_of(app)
    seen, begun, wanted = facts(app, "outing"), threading.Event(), ReminderInput("waiting", MORNING)
    monkeypatch.setattr(reach, "next_people", slow(reach.next_people, begun))
    monkeypatch.setattr("eventreg.reminders.service.facts_of", slow(facts_of, begun))
    done: list[str] = []

    def remind() -> None:
        with unit_of_work(contended=False):  # as another process would: it stands in no line of ours
            if what == "made":
                making.make(rule_id, now=SLOT)
            else:
                reminders.change(seen.id, rule_id, wanted, seen=seen.version, actor=acting("test", NOW))
            done.append(what)  # before the commit: after it the other thread may be the first to say so

    def save() -> None:
        begun.wait()
        # The version that the other leaves behind, where it changes the plan.
        version = seen.version + (what == "changed")
        with unit_of_work():
            change = replace(basics(seen), title="踏春")
            reschedule.change_basics(seen.id, change, seen=version, actor=acting("test", NOW))
            done.append("saved")

    run_at_once(app, remind, save)

    assert done == [what, "saved"]


def test_a_group_is_told_of_places_while_its_robot_is_switched_off(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in ("A1", "B2"):
        cast.sign_up(app, stage, who)
    robot = Robot(
        campaign_id=stage.campaign_id, service="wecom", name="群", host="group.example", tail="abcd", address=b"x",
        news=["places"], is_on=True, made_by="test", made_at=NOW,
    )  # fmt: skip
    with app.app_context(), unit_of_work():
        db.session.add(robot)
        db.session.flush()
        robot_id = robot.id
    seen, begun, done = facts(app, "outing"), threading.Event(), list[object]()
    monkeypatch.setattr("eventreg.chat.news.places_word", slow(places_word, begun))

    def tell() -> None:
        with unit_of_work(contended=False):
            done.append(news.tell_places(now=NOW))

    def silence() -> None:
        begun.wait()
        with unit_of_work():
            robot_service.switch(
                stage.campaign_id, robot_id, on=False, seen=seen.version, actor=acting("test", NOW)
            )
            done.append("silent")

    run_at_once(app, tell, silence)

    assert done == [1, "silent"]
