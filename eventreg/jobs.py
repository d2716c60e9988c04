"""The tick: APScheduler wakes each process every 15 seconds; the schedule itself is in tables.

The process with the lease runs the jobs; all processes send letters. Jobs are functions of `now` that may be repeated;
`flask job NAME` runs one by hand.
"""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from eventreg.campaigns.files import service as campaign_files
from eventreg.config import Settings
from eventreg.core.actor import actor_of
from eventreg.core.clock import ClockWatch, utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Busy, Refused
from eventreg.core.keyring import key_watch
from eventreg.core.trail import seals
from eventreg.core.trail.head_notes import note_head
from eventreg.core.uploaded_files import receiving, store
from eventreg.delivery import qr
from eventreg.delivery.sender import Sender, deliver_next, worker_name
from eventreg.nominations import materials
from eventreg.nominations.files import service as files
from eventreg.nominations.papers import sealed_numbers
from eventreg.nominations.screening import index
from eventreg.outbox import service as outbox
from eventreg.outbox.rules import Lane
from eventreg.people import uploads

from . import retention_job
from .accounts import counting, sessions, sign_in_codes
from .campaigns import service as campaigns
from .chat import news
from .history import trail_letters
from .registrations import seating
from .registrations.confirming import service as confirming
from .registrations.confirming import silence, unreached
from .reminders import making
from .reports.documents import service as documents
from .season import after_roster

log = logging.getLogger("eventreg.jobs")

TICK = 15.0  # seconds
LOOK = 1.0  # seconds between two checks of the clock
LEASE = "scheduler"
KEEP_SIGN_INS = timedelta(days=90)


def seal(now: datetime) -> int:
    """Seal committed audit rows into the chain, and note outside the database where it ends."""
    settings: Settings = current_app.extensions["eventreg.settings"]
    with unit_of_work():
        sealed = seals.seal(now=now)
    note_head(settings.instance, now=now)
    db.session.rollback()  # it read outside a unit of work
    return sealed


def tidy(now: datetime) -> int:
    """Delete old codes and sessions, unconfirmed roster files, and files without a row; index nominations that were
    submitted before the index existed, and encrypt ID numbers that were stored before that was done."""
    lost = _sweep_files(now)
    with unit_of_work():
        old = sign_in_codes.purge(before=now - KEEP_SIGN_INS) + sessions.purge(before=now - KEEP_SIGN_INS)
        old += counting.purge(now=now)
        old += documents.purge(now=now)
        return lost + old + uploads.purge(before=now) + index.catch_up() + sealed_numbers.seal_remaining()


def _sweep_files(now: datetime) -> int:
    """Delete files that no table has had a row of for a day; returns how many."""
    old = store.list_old(now=now)
    ids = store.ids_of(old)
    return store.sweep(old, known=files.known(ids) | campaign_files.known(ids))


def read_files(now: datetime) -> int:
    """Read files that could not be read when they were uploaded; no transaction is open meanwhile.

    A file that turns out to be a bomb is deleted with its row.
    """
    with unit_of_work():
        waiting = files.list_waiting()
    read = 0
    for file_id, kind in waiting:
        try:
            reading = files.look_again(file_id, kind)
        except Refused as refused:
            with unit_of_work():
                materials.refuse(file_id, why=refused.code, now=now)
            receiving.discard(file_id)
            continue
        if reading is not None:
            with unit_of_work():
                read += files.note(file_id, reading)
    return read


def remind(now: datetime) -> int:
    """Make the letters of every reminder that is due, batch by batch: a unit of work for each."""
    for campaign_id in sorted(making.list_moved()):
        with unit_of_work():
            making.retime(campaign_id, now=now)
    made = 0
    for rule_id in making.list_due(now=now):
        more = True
        while more:
            with unit_of_work():
                batch = making.make(rule_id, now=now)
            made, more = made + batch.made, batch.more
    return made


def follow_roster(now: datetime) -> int:
    """Let campaigns follow a roster that was imported while the database was busy or the server was stopped."""
    return after_roster.settle_leavers(actor_of("system", now=now))


def give_places(now: datetime) -> int:
    """Do what has become due about places: seat the people who waited for the end of a pool, end the places of people who
    were reached and did not confirm, and tell the contacts of people who were not reached.
    """
    if confirming.is_run_to_note(now=now):
        with unit_of_work():
            confirming.note_run(now=now)
    with unit_of_work():
        due = sorted({*seating.list_due(now=now), *silence.list_campaigns(now=now)})
        untold = unreached.list_untold(now=now)
    done = 0
    for campaign_id in due:
        with unit_of_work():
            done += len(seating.catch_up(campaign_id, actor=actor_of("system", now=now)))
    for campaign_id in untold:
        with unit_of_work():
            campaigns.lock_window(campaign_id)
            done += unreached.tell_contacts(campaign_id, now=now)
    return done


def tell_head(now: datetime) -> int:
    """Once a day, send administrators the head of the audit trail at midnight."""
    settings: Settings = current_app.extensions["eventreg.settings"]
    zone = ZoneInfo(settings.timezone)
    if not trail_letters.is_due(zone, now=now):
        return 0
    with unit_of_work():
        return trail_letters.post_head(zone, now=now)


def groups(now: datetime) -> int:
    """Post news to group chats about campaigns that are full, have few places left or places again."""
    if not news.has_places_to_tell(now=now):
        return 0
    with unit_of_work():
        return news.tell_places(now=now)


def make_documents(now: datetime) -> int:
    """Make the long documents that were asked for, and those that a reminder to organisers is about."""
    return documents.make_due(draw=qr.svg, now=now)


def post(now: datetime) -> int:
    """Deliver all due letters, for `flask job post`; servers do it by themselves."""
    worker, sent = worker_name(), 0
    for lane in Lane:
        while dealt := deliver_next(worker, lane):
            sent += dealt
    return sent


JOBS: dict[str, Callable[[datetime], int]] = {
    "remind": remind,
    "groups": groups,
    "seal": seal,
    "tidy": tidy,
    "files": read_files,
    "head": tell_head,
    "roster": follow_roster,
    "places": give_places,
    "documents": make_documents,
    "retention": retention_job.retain,
    "post": post,
}
LEADERS_JOBS = tuple(name for name in JOBS if name != "post")


def tick(worker: str, *, every: float = TICK) -> bool:
    """One tick of one process; True when it held the lease and did the leader's jobs.

    A job that fails is logged and leaves the others alone; the next tick tries it again.
    """
    key_watch.notice()
    with unit_of_work():
        leading = outbox.take_lease(LEASE, worker, seconds=max(1, math.ceil(3 * every)))
    for name in LEADERS_JOBS if leading else ():
        try:
            JOBS[name](utc_now())
        except Busy:
            raise
        except Exception:
            log.exception("jobs.failed", extra={"job": name})
    return leading


class SteadyTrigger(BaseTrigger):
    """A trigger that is due a number of seconds after its last check, so that a leap of the clock makes no backlog.

    APScheduler's interval trigger would compute every run that a leap has missed.
    """

    def __init__(self, seconds: float) -> None:
        self.every = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """The next run; the first one is at once."""
        return now if previous is None else now + self.every


def start(app: Flask, *, every: float = TICK) -> tuple[Sender, BackgroundScheduler]:
    """Start this process's sender and its tick each `every` seconds; both run until they are stopped."""
    sender = Sender(app)
    sender.start()
    scheduler = BackgroundScheduler(timezone="UTC")

    def on_tick() -> None:
        try:
            with app.app_context():
                tick(sender.worker, every=every)
        except Busy:
            log.info("jobs.tick_skipped")
        sender.wake()

    options = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    job = scheduler.add_job(on_tick, SteadyTrigger(every), **options)
    scheduler.start()
    watch = threading.Thread(target=_watch_clock, args=(scheduler, job.id), name="clock", daemon=True)
    watch.start()
    return sender, scheduler


def stop(app: Flask, sender: Sender, scheduler: BackgroundScheduler) -> None:
    """Stop both and give up the lease; if the database is not available, the lease expires by itself."""
    scheduler.shutdown(wait=False)
    sender.stop()
    with suppress(Busy, SQLAlchemyError), app.app_context():
        if outbox.lease_holder(LEASE) == sender.worker:
            with unit_of_work():
                outbox.give_up_lease(LEASE, sender.worker)


def _watch_clock(scheduler: BackgroundScheduler, job_id: str) -> None:
    """Check the clock while the scheduler runs; after a step the tick runs at once."""
    watch, pause = ClockWatch(), threading.Event()
    while not pause.wait(LOOK) and scheduler.running:
        if (step := watch.stepped()) is not None:
            log.warning("jobs.clock_set", extra={"seconds": round(step.total_seconds())})
            with suppress(JobLookupError):
                scheduler.modify_job(job_id, next_run_time=utc_now())
