"""A restored backup ends nobody's place until its letters are resumed, and holds whoever was asked before it (risk 3)."""

from __future__ import annotations

from flask import Flask

from eventreg.core.db.session import unit_of_work
from eventreg.outbox import after_restore, pausing
from eventreg.registrations.confirming import open_questions
from eventreg.registrations.confirming import service as confirming
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import Stage

from .morning import A_DAY, EVENING, HOUR, SEVEN, accept, ended, keep_running, move, run


def restored(app: Flask) -> None:
    """As `season/after_restore.py:settle` leaves it."""
    with app.app_context(), unit_of_work():
        after_restore.stop_letters(actor=acting("test", EVENING - HOUR))
        open_questions.forget_watch()


def test_nobody_is_ended_until_letters_are_resumed_and_then_not_for_a_day(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    move(app, 4)
    accept(app, SEVEN)
    keep_running(app, SEVEN - HOUR, EVENING - 2 * HOUR)

    restored(app)
    keep_running(app, EVENING - HOUR, EVENING + 2 * HOUR)
    with app.app_context(), unit_of_work():
        by_button = confirming.end_held(stage.campaign_id, actor=acting("test", EVENING + HOUR, stage.keys))
    stopped = ended(app)
    resumed = EVENING + 3 * HOUR
    with app.app_context(), unit_of_work():
        pausing.resume(actor=acting("test", resumed))
    keep_running(app, resumed, resumed + A_DAY - HOUR)
    held = ended(app)
    run(app, resumed + A_DAY)

    assert by_button == 0
    assert stopped == held == {}
    assert ended(app) == {"A1": "silent", "B2": "silent"}


def test_the_control_without_a_restore_ends_them_at_once(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    move(app, 4)
    accept(app, SEVEN)

    keep_running(app, SEVEN - HOUR, EVENING)

    assert ended(app) == {"A1": "silent", "B2": "silent"}
