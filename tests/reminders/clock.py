"""Reminders under a clock that jumps: two processes that tick and send, killed and started again meanwhile.

The processes run under libfaketime (GPL-2, a tool of the tests, never loaded by the product), which moves
the wall clock of a running process and leaves the machine's own alone. Days of two clock changes are
walked through slot by slot; here and there the clock goes back two hours, at the end it goes on by 26.
"""

from __future__ import annotations

import random
import time as stopwatch
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import func, select, update

from eventreg.campaigns import writing
from eventreg.campaigns.inputs import NewActivity, NewCampaign
from eventreg.campaigns.kinds import Hike
from eventreg.campaigns.rules import Intake, ScheduleState
from eventreg.config import Settings
from eventreg.core.db.session import db, unit_of_work
from eventreg.outbox.models import Letter
from eventreg.people import service as people
from eventreg.reminders import making
from eventreg.reminders import service as reminders
from eventreg.reminders.rules import Anchor, AnchorSide, OffsetUnit, ReminderInput, ReminderTiming, slot_of
from tests.conftest import close, make_app
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.plans import do, facts

from .tickers import Clock, Ticker

ZONES = ("America/New_York", "Asia/Shanghai", "Australia/Lord_Howe")
DAYS = (date(2026, 3, 8), date(2026, 11, 1))
MADE_AT = datetime(2026, 1, 5, tzinfo=UTC)
LEAP_FROM = datetime(2026, 11, 3, tzinfo=UTC)
LEAP, BACK, SOON = timedelta(hours=26), timedelta(hours=2), timedelta(seconds=5)
PATIENCE = 30.0  # seconds until a tick that does not come counts as lost
DEAF = 3.0  # the same where it is sure not to come
WHO = ("A1", "B2", "C3")  # two with a place, one who waits

START = Anchor.START
RULES = (
    ReminderInput(
        "seated", ReminderTiming(START, AnchorSide.BEFORE, 0, OffsetUnit.DAYS, time(1, 30))
    ),  # twice in New York in November
    ReminderInput(
        "seated", ReminderTiming(START, AnchorSide.BEFORE, 0, OffsetUnit.DAYS, time(2, 30))
    ),  # not there in March
    ReminderInput("waiting", ReminderTiming(START, AnchorSide.BEFORE, 2, OffsetUnit.HOURS)),
)


@dataclass
class Tally:
    """What came of it: letters by (rule, person), and what should not have been."""

    expected: Counter[tuple[int, int]] = field(default_factory=Counter)
    slots: dict[int, datetime] = field(default_factory=dict)
    starts: dict[int, datetime] = field(default_factory=dict)
    made: Counter[tuple[int, int]] = field(default_factory=Counter)
    early: int = 0
    after_the_event: int = 0
    unsent: int = 0
    stalls: int = 0
    kills: int = 0
    steps: int = 0

    @property
    def lost(self) -> int:
        """Reminders that nobody made."""
        return sum((self.expected - self.made).values())

    @property
    def extra(self) -> int:
        """Reminders that came twice, or to nobody who was to have one."""
        return sum((self.made - self.expected).values())


@dataclass
class Stage:
    """The harness while it runs: a clock, two processes, what is counted."""

    settings: Settings
    fault: str
    clock: Clock
    tally: Tally
    tickers: list[Ticker] = field(default_factory=list)
    killed: list[int] = field(default_factory=list)  # ids of processes

    def start(self, count: int = 1) -> None:
        """So many processes more."""
        self.tickers += [Ticker(self.settings, self.clock, self.fault) for _ in range(count)]

    def kill(self, *, all_of_them: bool) -> None:
        """Kill who leads, or both, and start as many anew; where nobody has said yet that it leads, the first."""
        leader = next((ticker for ticker in self.tickers if ticker.led_last), self.tickers[0])
        victims = self.tickers[:] if all_of_them else [leader]
        for ticker in victims:
            ticker.kill()
            self.tickers.remove(ticker)
            self.killed.append(ticker.process.pid)
            self.tally.kills += 1
        self.start(len(victims))

    def turn_to(self, at: datetime, *, wait: bool = True) -> None:
        """Set the clock and wait for a whole tick of a leader at the new time."""
        heard = {id(ticker): len(ticker.ticks) for ticker in self.tickers}
        self.clock.set(at)
        patience = stopwatch.monotonic() + (DEAF if self.fault == "deaf" and self.tally.steps else PATIENCE)
        while wait and not any(self._has_ticked(t, heard.get(id(t), 0), at) for t in self.tickers):
            if stopwatch.monotonic() > patience:
                self.tally.stalls += 1
                return
            with self.tickers[0].heard:
                self.tickers[0].heard.wait(0.05)

    def _has_ticked(self, ticker: Ticker, after: int, at: datetime) -> bool:
        return any(at <= tick < at + timedelta(minutes=30) for tick in ticker.ticks[after:])


def run(settings: Settings, *, upsets: int, fault: str = "", seed: int = 308) -> Tally:
    """Walk through both days; with a planted fault only as far as it shows, and nobody is killed."""
    app = make_app(settings)
    tally = _set_stage(app)
    slots = sorted({at for at in tally.slots.values() if at < LEAP_FROM})[: 2 if fault else None]
    luck = random.Random(seed)
    kills, steps = (set(luck.sample(range(1, len(slots)), min(upsets, len(slots) - 1))) for _ in range(2))
    with _processes(settings, fault, slots[0] - BACK, tally) as stage:
        for number, slot in enumerate(slots):
            if number in kills and not fault:
                stage.turn_to(slot, wait=False)
                stopwatch.sleep(luck.uniform(0, 0.3))  # they may just have begun, or not
                stage.kill(all_of_them=tally.kills % 2 == 1)
            stage.turn_to(slot + SOON)
            if not fault:
                _wait_for_the_post(app, stage, slot)  # or the next turn of the clock is past its event
            if number in steps:
                tally.steps += 1
                # two, for the first that is seen may have been under way as the clock went back
                stage.turn_to(slot - BACK)
                stage.turn_to(slot - BACK + SOON)
                stage.turn_to(slot + timedelta(minutes=61))  # past an hour that comes twice
        if not fault:
            stage.turn_to(LEAP_FROM)
            stage.turn_to(LEAP_FROM + LEAP)
            _wait_for_the_post(app, stage, LEAP_FROM + LEAP)
    _judge(app, tally)
    close(app)
    return tally


@contextmanager
def _processes(settings: Settings, fault: str, at: datetime, tally: Tally) -> Iterator[Stage]:
    clock = Clock(settings.instance)
    clock.set(at)
    stage = Stage(settings, fault, clock, tally)
    stage.start(2)
    try:
        for ticker in stage.tickers:  # one that came up after a step back would tick on, deaf or not
            ticker.wait_for_life()
        yield stage
    finally:
        for ticker in stage.tickers:
            ticker.kill()


def _set_stage(app: Flask) -> Tally:
    """A campaign for each zone and day with its rules, and two around the leap of 26 hours."""
    tally = Tally()
    with app.app_context(), unit_of_work():
        people.import_roster(cast.roster_rows(), company="禾川农电", actor=acting("test", MADE_AT))
        season = writing.make_season(cast.season())
        notice = writing.make_notice("2026-01", ("用途：当天签到。",), now=MADE_AT)
        noon = [(f"c{n}-{day:%m}", zone, day) for n, zone in enumerate(ZONES) for day in DAYS]
        dated = [(slug, zone, datetime.combine(day, time(12), ZoneInfo(zone))) for slug, zone, day in noon]
        dated += [("late", "Asia/Shanghai", LEAP_FROM + timedelta(hours=40))]
        dated += [("over", "Asia/Shanghai", LEAP_FROM + timedelta(hours=20))]
        for slug, zone, starts_at in dated:
            made = _campaign(slug, zone, starts_at)
            writing.publish(made, season_id=season, notice_id=notice, actor=acting("test", MADE_AT))
    for slug, _zone, _starts_at in dated:
        _fill(app, slug, tally)
    return tally


def _fill(app: Flask, slug: str, tally: Tally) -> None:
    stage = cast.find_stage(app, slug)
    for who in WHO:
        cast.sign_up(app, stage, who, now=MADE_AT)
    hours = {"late": 30, "over": 2}.get(slug)
    wanted = (
        RULES
        if hours is None
        else (ReminderInput("seated", ReminderTiming(START, AnchorSide.BEFORE, hours, OffsetUnit.HOURS)),)
    )
    for rule in wanted:
        id_ = do(app, slug, reminders.add, rule, now=MADE_AT)
        found = facts(app, slug)
        at = slot_of(rule.timing, found).at
        assert at is not None
        tally.slots[id_], tally.starts[id_] = at, found.starts_at
        reached = WHO[:2] if rule.audience == "seated" else WHO[2:]
        if slug != "over":  # its event begins within the leap: nobody may be reminded of it
            tally.expected.update((id_, stage.people[who]) for who in reached)


def _campaign(slug: str, zone: str, starts_at: datetime) -> NewCampaign:
    hike = NewActivity(
        "hike", "徒步游", starts_at, starts_at + timedelta(hours=2), True, ScheduleState.CONFIRMED, Hike()
    )
    return NewCampaign(
        slug=slug, title=slug, intro="走一段路。", audience="全体职工", accepts=Intake.REGISTRATIONS,
        closes_at=starts_at - timedelta(days=1), retain_until=date(2027, 6, 30), defaults=(), capacity=2,
        questions=(), activities=(hike,), timezone=zone,
    )  # fmt: skip


def _wait_for_the_post(app: Flask, stage: Stage, slot: datetime) -> None:
    """Until what is due at `slot` is made and every letter is settled; what is left the judge counts.

    What somebody had claimed who was killed is free again after a minute by the database's clock. PostgreSQL's
    is the machine's: we do not wait for it.
    """
    with app.app_context(), unit_of_work():
        for killed in stage.killed:
            whose = Letter.claimed_by.contains(f":{killed}:")
            free = update(Letter).where(Letter.state == "claimed", whose).values(claimed_until=MADE_AT)
            db.session.execute(free)
    patience = stopwatch.monotonic() + PATIENCE
    while stopwatch.monotonic() < patience and _is_at_work(app, slot):
        stopwatch.sleep(0.05)


def _is_at_work(app: Flask, slot: datetime) -> bool:
    opened = select(func.count(Letter.id)).where(Letter.state.in_(["queued", "claimed"]))
    with app.app_context():
        return bool(making.list_due(now=slot) or db.session.scalar(opened))


def _judge(app: Flask, tally: Tally) -> None:
    with app.app_context():
        for letter in db.session.scalars(select(Letter).where(Letter.kind.startswith("reminder"))):
            rule = letter.facts["rule"]
            tally.made[rule, letter.person_id or 0] += 1
            tally.early += letter.posted_at < tally.slots[rule]
            tally.unsent += letter.state != "sent"
            tally.after_the_event += letter.sent_at is not None and letter.sent_at >= tally.starts[rule]
