"""The morning of 4 March in tests: the outing moves, letters are accepted or not, people answer, the job runs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select, update

from eventreg import jobs
from eventreg.core.db.session import db, unit_of_work
from eventreg.outbox.models import Letter
from eventreg.people.models import Person
from eventreg.registrations import announcing, reading
from eventreg.registrations.announcing import MoveResult, MoveTerms
from eventreg.registrations.confirming import service as confirming
from eventreg.registrations.confirming.service import Confirmation
from eventreg.registrations.models import Registration
from tests.rig.actors import acting
from tests.rig.cast import DAY, Stage
from tests.rig.plans import as_new, do, facts

HOUR = timedelta(hours=1)
SEVEN = DAY + 7 * HOUR
EVENING = DAY + 18 * HOUR
A_DAY = timedelta(days=1)


def move(
    app: Flask,
    days: int = 1,
    *,
    confirm_by: datetime | None = EVENING,
    now: datetime = SEVEN,
    **terms: object,
) -> MoveResult:
    """All activities go to the day that is so many days after 4 March, in one act."""
    wanted = {}
    for activity in facts(app, "outing").activities:
        starts_at = DAY + days * A_DAY
        wanted[activity.id] = replace(
            as_new(activity), starts_at=starts_at, ends_at=starts_at + A_DAY, time_known=False
        )
    asked = MoveTerms(confirm_by=confirm_by, **terms)  # type: ignore[arg-type]
    result: MoveResult = do(app, "outing", announcing.move, wanted, asked, now=now)
    return result


def accept(app: Flask, at: datetime, *, but: Collection[str] = ()) -> None:
    """A mail server accepts all letters that wait, but those to these people."""
    with app.app_context(), unit_of_work():
        spared = select(Person.id).where(Person.staff_no.in_(but))
        waiting = (Letter.state == "queued", Letter.person_id.not_in(spared))
        db.session.execute(update(Letter).where(*waiting).values(state="sent", sent_at=at))


def bounce(app: Flask, who: str, at: datetime) -> None:
    """The letters to somebody come back."""
    with app.app_context(), unit_of_work():
        theirs = select(Person.id).where(Person.staff_no == who).scalar_subquery()
        sent = (Letter.state == "sent", Letter.person_id == theirs)
        db.session.execute(update(Letter).where(*sent).values(bounced_at=at, bounced_by="test"))


def run(app: Flask, now: datetime) -> int:
    """The job runs."""
    with app.app_context():
        return jobs.give_places(now)


def keep_running(app: Flask, since: datetime, until: datetime) -> None:
    """The job runs twice an hour, as a server does that is up."""
    at = since
    while at <= until:
        run(app, at)
        at += HOUR / 2


def confirm(app: Flask, stage: Stage, who: str, now: datetime) -> Confirmation:
    """Somebody presses the button."""
    id_ = live(app, stage, who)
    with app.app_context(), unit_of_work():
        return confirming.confirm(
            id_, person_id=stage.people[who], actor=acting(stage.people[who], now, stage.keys)
        )


def live(app: Flask, stage: Stage, who: str) -> int:
    """The id of somebody's last registration."""
    with app.app_context():
        return reading.list_own(stage.people[who])[0].id


def ended(app: Flask) -> dict[str, str]:
    """Staff number → why the registration ended, of those that did."""
    rows = select(Person.staff_no, Registration.ended_why).join(
        Registration, Registration.person_id == Person.id
    )
    with app.app_context():
        gone = db.session.execute(rows.where(Registration.ended_why.is_not(None)))
        return {no: str(why) for no, why in gone}


def asked(app: Flask) -> dict[str, tuple[str | None, datetime | None]]:
    """Staff number → why and until when somebody with a place has to confirm; of those who have not."""
    columns = (Person.staff_no, Registration.confirm_for, Registration.confirm_by)
    rows = select(*columns).join(Registration, Registration.person_id == Person.id)
    open_ = (
        Registration.confirmed_at.is_(None),
        Registration.confirm_by.is_not(None),
        Registration.state == "seated",
    )
    with app.app_context():
        return {no: (why, by) for no, why, by in db.session.execute(rows.where(*open_))}
