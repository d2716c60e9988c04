"""An award in hand: two departments with places, their contacts, and a deeds text of any length."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import update

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.campaigns import writing
from eventreg.campaigns.inputs import NewActivity, NewCampaign
from eventreg.campaigns.kinds import Award
from eventreg.campaigns.rules import Intake, ScheduleState
from eventreg.campaigns.service import get_campaign
from eventreg.core.db.session import db, unit_of_work
from eventreg.nominations import drafts, quotas, service
from eventreg.nominations.models import Nomination, Quota
from eventreg.nominations.quotas import QuotaRequest
from eventreg.nominations.rules import CONDITIONS, NominationContent
from eventreg.people import service as people
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage

MARKETING, STATION = "营销部", "城关供电所"
CONTACTS = {"B2": MARKETING, "C3": MARKETING, "D4": STATION}
LEAST = 1000
ANSWERS = {"post": "班长", "since": "2008年7月", "way": "ballot", "chosen_on": "2027-02-10", "present": "9"}


@dataclass(frozen=True)
class Contest:
    """What a test of an award finds."""

    stage: Stage
    campaign_id: int
    units: dict[str, int]
    closes_at: datetime

    def person(self, staff_no: str) -> int:
        """A person's id."""
        return self.stage.people[staff_no]


def award(published_at: datetime, *, slug: str = "award") -> NewCampaign:
    """The plan's award, that closes nine days after it was published."""
    closes_at = published_at + cast.UNTIL_CLOSED
    activity = NewActivity(
        "award",
        "推荐与评选",
        closes_at,
        closes_at,
        False,
        ScheduleState.CONFIRMED,
        Award(seats=10, least_chars=LEAST),
    )
    return NewCampaign(
        slug=slug,
        title="十佳巾帼女职工评选",
        intro="由部门推荐。",
        audience="在职女职工",
        accepts=Intake.NOMINATIONS,
        closes_at=closes_at,
        retain_until=cast.DAY.date() + timedelta(days=100),
        defaults=("deadline_day",),
        capacity=None,
        questions=(),
        activities=(activity,),
    )


def set_award(
    app: Flask, stage: Stage, *, places: int = 1, now: datetime = NOW, contacts: bool = True
) -> Contest:
    """An award in the stage's season, `places` for each of the two departments, and their contacts."""
    with app.app_context(), unit_of_work():
        season_id = writing.make_season(cast.season())
        writing.publish(award(now), season_id=season_id, notice_id=stage.notice_id, actor=acting("test", now))
    return _fill(app, stage, CONTACTS if contacts else {}, places=places, now=now)


def _fill(app: Flask, stage: Stage, contacts: dict[str, str], *, places: int, now: datetime) -> Contest:
    """Give the departments their places and contacts."""
    with app.app_context():
        found = get_campaign("award")
        units = {name: people.find_unit(name) or 0 for name in (MARKETING, STATION)}
        with unit_of_work():
            wanted = {unit_id: QuotaRequest(places, "商定") for unit_id in units.values()}
            quotas.save(found.id, wanted, None, seen=found.version, actor=acting("test", now))
            for staff_no, unit in contacts.items():
                person_id = stage.people[staff_no]
                grants.grant(person_id, Role.UNIT_CONTACT, unit_id=units[unit], actor=acting("test", now))
    return Contest(stage, found.id, units, found.closes_at)


def more_places(app: Flask, places: int = 2) -> None:
    """Give every department so many places."""
    with app.app_context(), unit_of_work():
        db.session.execute(update(Quota).values(places=places))


def written(length: int = LEAST, **answers: str) -> NominationContent:
    """A nomination that holds all that is asked, with a deeds text of this many 字."""
    return NominationContent(
        {**ANSWERS, "short": "把小事办到用户心里。", **answers}, CONDITIONS, "字" * length
    )


def begin(app: Flask, contest: Contest, who: str, nominee: str, *, now: datetime = NOW) -> int:
    """A draft by a contact of the nominee's department."""
    unit_id = contest.units[CONTACTS[who]]
    by = contest.person(who)
    with app.app_context(), unit_of_work():
        return drafts.begin(contest.campaign_id, unit_id, contest.person(nominee), actor=acting(by, now))


def save(
    app: Flask, contest: Contest, who: str, id_: int, content: NominationContent, **how: Any
) -> drafts.SaveResult:
    """Save a version by somebody who has just looked, or who saw `seen`."""
    with app.app_context():
        seen = how.pop("seen", None) or version(app, id_)
        with unit_of_work():
            return drafts.save(
                id_,
                content,
                seen=seen,
                tab=how.get("tab", who),
                actor=acting(contest.person(who), how.get("now", NOW)),
            )


def submit(app: Flask, contest: Contest, who: str, id_: int, *, now: datetime = NOW) -> None:
    """Hand in the version that counts."""
    with app.app_context():
        seen = version(app, id_)
        with unit_of_work():
            service.submit(id_, seen=seen, actor=acting(contest.person(who), now))


def ready(app: Flask, contest: Contest, who: str, nominee: str, *, now: datetime = NOW) -> int:
    """A draft to which nothing is missing."""
    made = begin(app, contest, who, nominee, now=now)
    save(app, contest, who, made, written(), now=now)
    return made


def version(app: Flask, id_: int) -> int:
    """The number of the version that counts."""
    with app.app_context():
        return db.session.get_one(Nomination, id_, populate_existing=True).version


def standing(app: Flask) -> dict[str, tuple[int, int]]:
    """Department → (places, filled), as the table has it."""
    with app.app_context():
        rows = db.session.query(Quota).order_by(Quota.unit_id).populate_existing()
        return {people.unit_path(row.unit_id): (row.places, row.filled) for row in rows}


def states(app: Flask) -> list[str]:
    """The state of every nomination, in the order of beginning."""
    with app.app_context():
        return [row.state for row in db.session.query(Nomination).order_by(Nomination.id)]
