"""The kites of the outing: who signed up, who came, and what an organiser does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from flask import Flask
from sqlalchemy import select

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import ActivityFacts
from eventreg.core.actor import Actor
from eventreg.core.db.session import db, unit_of_work
from eventreg.people.models import Person
from eventreg.registrations import tickets
from eventreg.registrations.models import Registration
from eventreg.registrations.reading import find_live
from eventreg.venue import scans
from eventreg.venue.incoming import IncomingScan
from eventreg.venue.teams import flights, forming, reading
from eventreg.venue.teams.forming import Among
from eventreg.venue.teams.performing import FlightFacts
from eventreg.venue.teams.reading import TeamsOfActivity
from eventreg.venue.teams.rules import Formed
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import DAY, Stage
from tests.rig.plans import HOUR
from tests.venue.test_scans import a_device

MORNING = DAY + 8 * HOUR
T = TypeVar("T")


def names(n: int, *, first: int = 1) -> list[str]:
    """The staff numbers X0001, X0002, ..."""
    return [f"X{k:04d}" for k in range(first, first + n)]


def outing(app: Flask, people: int, *, places: int = 30) -> Stage:
    """So many people have signed up, in the order of their staff numbers; whoever is over waits."""
    stage = cast.set_stage(app, capacity=places, extra=people)
    for staff_no in names(people):
        cast.sign_up(app, stage, staff_no)
    return stage


def come(app: Flask, stage: Stage, people: Sequence[str], *, at: datetime = MORNING) -> None:
    """They are scanned in at the door."""
    device = a_device(app, stage)
    batch = [IncomingScan(f"in{who}", token(app, stage, who), "door", at) for who in people]
    with app.app_context(), unit_of_work():
        answers = scans.record(batch, device, keys=stage.keys, now=at)
    assert {str(answer.verdict) for answer in answers} == {"admitted"}


def token(app: Flask, stage: Stage, staff_no: str) -> str:
    """The token of somebody's ticket."""
    with app.app_context():
        found = tickets.find_token(registration(app, stage, staff_no), keys=stage.keys)
    assert found is not None
    return found


def scan(app: Flask, stage: Stage, text: str, *, at: datetime = MORNING) -> tuple[str, str | None]:
    """Scan a ticket at the door: verdict and reason."""
    device = a_device(app, stage)
    with app.app_context(), unit_of_work():
        [answer] = scans.record(
            [IncomingScan(f"s{at:%H%M}", text, "door", at)], device, keys=stage.keys, now=at
        )
    return str(answer.verdict), answer.reason


def registration(app: Flask, stage: Stage, staff_no: str) -> int:
    """The id of somebody's live registration."""
    with app.app_context():
        live = find_live(stage.campaign_id, stage.people[staff_no])
    assert live is not None
    return live.id


def contest(app: Flask) -> ActivityFacts:
    """The kites."""
    with app.app_context():
        return reading.get_contest(campaigns.get_campaign("outing"))


def do(app: Flask, stage: Stage, work: Callable[[Actor], T], *, now: datetime = MORNING) -> T:
    """F6 does something, in a unit of work."""
    with app.app_context(), unit_of_work():
        return work(acting(stage.people["F6"], now, stage.keys))


def form(app: Flask, stage: Stage, how: Formed = Formed.MIXED, among: Among = Among.PRESENT) -> None:
    """Form the teams."""
    activity = contest(app).id
    do(app, stage, lambda actor: forming.form(stage.campaign_id, activity, how, among, actor=actor))


def note(app: Flask, stage: Stage, *noted: tuple[bool | None, int | None]) -> None:
    """Note flown and rank of the teams 1, 2, ..."""
    activity = contest(app).id
    typed = {n: FlightFacts(n, flown, rank) for n, (flown, rank) in enumerate(noted, 1)}
    do(app, stage, lambda actor: flights.save(stage.campaign_id, activity, typed, actor=actor))


def three_teams(app: Flask) -> Stage:
    """Three teams of three: the first flew highest, the second never, the third lowest."""
    found = outing(app, 9)
    form(app, found, among=Among.SEATED)
    note(app, found, (True, 1), (False, None), (True, 2))
    return found


def teams(app: Flask) -> TeamsOfActivity:
    """The teams as pages see them."""
    with app.app_context():
        campaign = campaigns.get_campaign("outing")
        return reading.teams_of(campaign, reading.get_contest(campaign))


def numbers(app: Flask) -> dict[str, int]:
    """The number of each person's team by staff number."""
    return {m.staff_no: team.number for team in teams(app).teams for m in team.members}


def over(app: Flask) -> list[str]:
    """Who is left over."""
    return [one.staff_no for one in teams(app).over]


def states(app: Flask, *people: str) -> list[str]:
    """What became of these people's registrations."""
    with app.app_context():
        rows = select(Person.staff_no, Registration.state).join(
            Registration, Registration.person_id == Person.id
        )
        known = dict(db.session.execute(rows.order_by(Registration.id)).all())
    return [known[staff_no] for staff_no in people]


def any_registration(app: Flask, staff_no: str) -> int:
    """The id of somebody's registration, whatever became of it."""
    with app.app_context():
        rows = select(Registration.id).join(Person, Person.id == Registration.person_id)
        found = db.session.scalar(rows.where(Person.staff_no == staff_no))
    assert found is not None
    return found
