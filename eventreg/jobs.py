"""The tick: APScheduler wakes each process every 15 seconds; the schedule itself is in tables.

Whoever holds the lease does what only one process should; everybody sends letters. Jobs are
functions of `now`, safe to run twice; `flask job NAME` runs one by hand.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from eventreg.accounts import codes, sessions
from eventreg.core import audit
from eventreg.core.clock import utc_now
from eventreg.core.db import unit_of_work
from eventreg.core.errors import Busy
from eventreg.nominations.files import service as files
from eventreg.outbox import service as outbox
from eventreg.outbox.rules import Lane
from eventreg.people import uploads
from eventreg.post.sender import Sender, deliver_next, worker_name

log = logging.getLogger("eventreg.jobs")

TICK = 15  # seconds
LEASE = "scheduler"
KEEP_SIGN_INS = timedelta(days=90)


def seal(now: datetime) -> int:
    """Seal committed audit rows into the chain."""
    with unit_of_work():
        return audit.seal(now=now)


def tidy(now: datetime) -> int:
    """Delete codes and sessions that were over long ago, roster files that nobody confirmed, files without a row."""
    lost = files.sweep(now=now)
    with unit_of_work():
        old = codes.purge(before=now - KEEP_SIGN_INS) + sessions.purge(before=now - KEEP_SIGN_INS)
        return lost + old + uploads.purge(before=now)


def read_files(now: datetime) -> int:
    """Have files read that came when too many came at once; no transaction is open meanwhile."""
    with unit_of_work():
        waiting = files.list_waiting()
    read = 0
    for file_id, kind in waiting:
        reading = files.look_again(file_id, kind)
        if reading is not None:
            with unit_of_work():
                read += files.note(file_id, reading)
    return read


def post(now: datetime) -> int:
    """Deliver every letter that is due; for `flask job post`, servers do it by themselves."""
    worker, sent = worker_name(), 0
    for lane in Lane:
        while deliver_next(worker, lane):
            sent += 1
    return sent


JOBS: dict[str, Callable[[datetime], int]] = {"seal": seal, "tidy": tidy, "files": read_files, "post": post}
LEADERS_JOBS = ("seal", "tidy", "files")


def tick(worker: str) -> bool:
    """One tick of one process; True when it held the lease and did the leader's jobs."""
    with unit_of_work():
        leading = outbox.take_lease(LEASE, worker, seconds=3 * TICK)
    for name in LEADERS_JOBS if leading else ():
        JOBS[name](utc_now())
    return leading


def start(app: Flask) -> tuple[Sender, BackgroundScheduler]:
    """Start this process's sender and its tick; both run until they are stopped."""
    sender = Sender(app)
    sender.start()
    scheduler = BackgroundScheduler(timezone="UTC")

    def on_tick() -> None:
        try:
            with app.app_context():
                tick(sender.worker)
        except Busy:
            log.info("jobs.tick_skipped")
        sender.wake()

    options = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    scheduler.add_job(on_tick, "interval", seconds=TICK, next_run_time=utc_now(), **options)
    scheduler.start()
    return sender, scheduler
