"""What a test looks at: rows, straight from the tables, never through the code under test."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select, update

from eventreg.campaigns.models import Campaign, Pool
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.trail.audit import AuditEntry
from eventreg.outbox.models import Letter
from eventreg.people.models import Person
from eventreg.registrations.models import Registration
from eventreg.registrations.recount import CounterDrift, recount


def places(app: Flask) -> dict[str, str]:
    """Staff number → state of each person's latest registration, by arrival."""
    with app.app_context():
        rows = db.session.execute(
            select(Person.staff_no, Registration.state)
            .join(Registration, Registration.person_id == Person.id)
            .order_by(Registration.arrival)
        )
        return {staff_no: state for staff_no, state in rows}  # noqa: C416  (rows, typed)


def arrivals(app: Flask, campaign_id: int) -> list[tuple[int, str]]:
    """(arrival number, state) of a campaign's registrations, in order."""
    with app.app_context():
        rows = db.session.execute(
            select(Registration.arrival, Registration.state)
            .where(Registration.campaign_id == campaign_id)
            .order_by(Registration.arrival)
        )
        return [(arrival, state) for arrival, state in rows]


def counters(app: Flask, campaign_id: int = 1) -> dict[str, int]:
    """A campaign's counters and its total pool's."""
    with app.app_context():
        mine = select(Campaign.waiting, Campaign.last_arrival).where(Campaign.id == campaign_id)
        campaign = db.session.execute(mine).one()
        taken = db.session.scalar(select(Pool.taken).where(Pool.campaign_id == campaign_id)) or 0
        return {"waiting": campaign[0], "last_arrival": campaign[1], "taken": taken}


def letters(app: Flask) -> list[tuple[str, str]]:
    """(kind, state) of every letter, in order of posting."""
    with app.app_context():
        return [
            (kind, state)
            for kind, state in db.session.execute(select(Letter.kind, Letter.state).order_by(Letter.id))
        ]


def audit_actions(app: Flask, prefix: str = "") -> list[str]:
    """The actions of the audit trail that begin with a word, in order."""
    with app.app_context():
        rows = select(AuditEntry.action).where(AuditEntry.action.startswith(prefix)).order_by(AuditEntry.id)
        return list(db.session.scalars(rows))


def drift(app: Flask) -> list[CounterDrift]:
    """What `flask recount` finds."""
    with app.app_context():
        return recount()


def count(app: Flask, model: type) -> int:
    """How many rows a table has."""
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def leave(app: Flask, person_id: int) -> None:
    """Somebody left the company, as the roster would say."""
    with app.app_context(), unit_of_work():
        db.session.get_one(Person, person_id).left_at = utc_now()


def correct(app: Flask, person_id: int, **values: object) -> None:
    """The roster says something else of somebody: her unit, her gender."""
    with app.app_context(), unit_of_work():
        db.session.execute(update(Person).where(Person.id == person_id).values(**values))
