"""A running process: codes leave at once, one leader a tick, the trail is sealed and checked."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy import update

from eventreg import jobs
from eventreg.accounts import sign_in_codes
from eventreg.config import Settings
from eventreg.core.clock import ClockWatch, utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.trail import trail_check
from eventreg.core.trail.audit import AuditEntry
from eventreg.delivery.sender import Sender
from eventreg.outbox import service as outbox
from tests.rig import cast, sight
from tests.rig.browser.live import until
from tests.rig.cast import NOW, Stage

SECOND = timedelta(seconds=1)


def test_a_code_leaves_within_two_seconds(app: Flask, stage: Stage, settings: Settings) -> None:
    sender, scheduler = jobs.start(app)
    try:
        asked = time.monotonic()
        with app.app_context(), unit_of_work():
            sign_in_codes.ask(
                "a1@example.cn", address="127.0.0.1", locale="zh-CN", keys=stage.keys, now=utc_now()
            )
        while not list((settings.instance / "mail").glob("*.eml")) and time.monotonic() < asked + 10:
            time.sleep(0.01)
        waited = time.monotonic() - asked
    finally:
        scheduler.shutdown(wait=True)
        sender.stop()

    assert waited < 2


def test_of_two_processes_one_leads(app: Flask) -> None:
    with app.app_context():
        led = [jobs.tick("one"), jobs.tick("two"), jobs.tick("one")]

        assert led == [True, False, True]
        assert outbox.lease_holder(jobs.LEASE) == "one"


def test_who_stops_leaves_the_lease_to_whoever_ticks_next_and_takes_nobody_elses(app: Flask) -> None:
    def holder() -> str | None:
        with app.app_context():
            return outbox.lease_holder(jobs.LEASE)

    sender, scheduler = jobs.start(app)
    until(lambda: holder() == sender.worker or None, "the first tick")
    _stopped(app, sender, scheduler)
    stopped = holder()
    with app.app_context():
        jobs.tick("another")
    _stopped(app, *jobs.start(app))

    assert (stopped, holder()) == (None, "another")


def _stopped(app: Flask, sender: Sender, scheduler: BackgroundScheduler) -> None:
    """Stop them, and see a tick to its end that the stop does not wait for: the test's database goes away."""
    jobs.stop(app, sender, scheduler)
    for thread in threading.enumerate():
        if thread.name.startswith("ThreadPoolExecutor"):
            thread.join(timeout=20)


def test_a_lease_that_ran_out_passes_on(app: Flask) -> None:
    with app.app_context():
        with unit_of_work():
            outbox.take_lease("x", "one", seconds=-1)
        with unit_of_work():
            assert outbox.take_lease("x", "two", seconds=30) is True


def test_the_tick_seals_the_trail(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    with app.app_context():
        jobs.tick("one")
        chain = trail_check.verify()

        assert (chain.sealed, chain.unsealed, chain.broken) == (len(sight.audit_actions(app)), 0, None)


def test_a_changed_row_breaks_the_chain(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    with app.app_context():
        jobs.seal(NOW)
        last = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
        assert last is not None
        changed = last.id
        with unit_of_work():
            db.session.execute(update(AuditEntry).where(AuditEntry.id == changed).values(by="nobody"))

        assert trail_check.verify().broken == changed


def test_jobs_are_safe_to_run_twice(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    with app.app_context():
        first = {name: job(NOW) for name, job in jobs.JOBS.items() if name != "post"}
        again = {name: job(NOW) for name, job in jobs.JOBS.items() if name != "post"}

    assert first["seal"] > 0
    assert again == {
        "remind": 0,
        "groups": 0,
        "seal": 0,
        "tidy": 0,
        "files": 0,
        "head": 0,
        "retention": 0,
        "roster": 0,
        "places": 0,
        "documents": 0,
    }


def test_the_console_says_drift_and_chain(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    run = app.test_cli_runner().invoke

    assert run(args=["recount"]).output == "drift: 0\n"
    assert run(args=["job", "seal"]).exit_code == 0
    assert run(args=["audit", "verify"]).exit_code == 0


def test_recount_finds_a_wrong_counter(app: Flask, stage: Stage) -> None:
    from eventreg.campaigns.models import Pool

    cast.sign_up(app, stage, "A1")
    with app.app_context(), unit_of_work():
        db.session.execute(update(Pool).values(taken=5))

    done = app.test_cli_runner().invoke(args=["recount"])

    assert done.exit_code == 1
    assert "stored 5, counted 1" in done.output


def test_a_clock_that_is_set_is_noticed_and_one_that_runs_is_not() -> None:
    walls = iter([NOW, NOW + 2 * SECOND, NOW - 3598 * SECOND, NOW - 3597 * SECOND, NOW + 26 * 3600 * SECOND])
    steady = iter([10.0, 12.0, 14.0, 15.5, 16.5])
    watch = ClockWatch(wall=lambda: next(walls), steady=lambda: next(steady))

    assert [watch.stepped() for _ in range(4)] == [
        None, -3602 * SECOND, None, (26 * 3600 + 3597 - 1) * SECOND,
    ]  # fmt: skip


def test_a_leap_of_the_clock_leaves_no_backlog() -> None:
    pulse = jobs.SteadyTrigger(15)

    assert pulse.get_next_fire_time(None, NOW) == NOW
    assert pulse.get_next_fire_time(NOW, NOW + 9999 * SECOND) == NOW + 10014 * SECOND


def test_a_lease_from_before_the_clock_was_set_back_is_free(app: Flask) -> None:
    with app.app_context():
        with unit_of_work():
            outbox.take_lease("x", "one", seconds=7200)
        with unit_of_work():
            assert outbox.take_lease("x", "two", seconds=45) is True


def test_a_job_that_fails_holds_up_no_other(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_now: datetime) -> int:
        raise RuntimeError("broken")

    monkeypatch.setitem(jobs.JOBS, "remind", broken)
    cast.sign_up(app, stage, "A1")
    with app.app_context():
        assert jobs.tick("one") is True
        assert trail_check.verify().unsealed == 0
