"""Reminders in a test: a rule added, the job run at an instant, and who got what."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

from flask import Flask
from sqlalchemy import select

from eventreg import jobs
from eventreg.campaigns.plan import activities
from eventreg.core.db.session import db
from eventreg.outbox.models import Letter
from eventreg.people.models import Person
from eventreg.reminders import service as reminders
from eventreg.reminders.rules import Anchor, AnchorSide, OffsetUnit, ReminderInput, ReminderTiming
from eventreg.season import reschedule
from tests.rig.cast import NOW
from tests.rig.plans import as_new, do, facts

MORNING = ReminderTiming(Anchor.START, AnchorSide.BEFORE, 3, OffsetUnit.DAYS, time(9))
SLOT = datetime.fromisoformat("2027-03-01T09:00:00+08:00")  # three days before the cast's day


def remind_of(
    app: Flask, wanted: ReminderInput | None = None, *, slug: str = "outing", now: datetime = NOW
) -> int:
    """Add a rule as an organiser does; its id."""
    rule_id: int = do(app, slug, reminders.add, wanted or ReminderInput("seated", MORNING), now=now)
    return rule_id


def run(app: Flask, now: datetime) -> int:
    """The lease holder's job at an instant: how many letters it made."""
    with app.app_context():
        return jobs.remind(now)


def reminded(app: Flask) -> list[tuple[str, str, str]]:
    """(staff number, slot, state) of every reminder, in order."""
    rows = select(Person.staff_no, Letter.facts, Letter.state).join(Person, Person.id == Letter.person_id)
    with app.app_context():
        found = db.session.execute(rows.where(Letter.kind.startswith("reminder")).order_by(Letter.id))
        return [(no, told["slot"], state) for no, told, state in found]


def told(app: Flask) -> list[str]:
    """Whom reminders were made for, in order."""
    return [no for no, _slot, _state in reminded(app)]


def move(app: Flask, starts_at: datetime, *, now: datetime = NOW, slug: str = "outing") -> None:
    """All activities of a campaign take place on the day that begins at this instant."""
    for activity in facts(app, slug).activities:
        length = activity.ends_at - activity.starts_at
        wanted = replace(as_new(activity), starts_at=starts_at, ends_at=starts_at + length)
        do(app, slug, reschedule.change_activity, activity.id, wanted, now=now)


def drop_activities(app: Flask, slug: str) -> None:
    """A draft without activities."""
    for activity in facts(app, slug).activities:
        do(app, slug, activities.remove, activity.id)
