"""What a screen shows: who came, and names only as far as the privacy notice of each person covers them. Reads only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from eventreg.campaigns.models import PrivacyNotice
from eventreg.core.db.session import db
from eventreg.people.models import Person, Unit
from eventreg.registrations.models import Registration
from eventreg.registrations.rules import RegistrationState, masked_name
from eventreg.venue.attendance import TRIED
from eventreg.venue.models import Admission

from .rules import ScreenNames
from .service import WALL_NAMES, ScreenFacts

NamedAs = Callable[[int, str], str]


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who came, at their earliest admission of the campaign."""

    registration_id: int
    name: str
    unit: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The latest arrivals, the newest first, and how many came of those who have a place."""

    latest: tuple[Arrival, ...]
    present: int
    seated: int


def names_on(screen: ScreenFacts) -> NamedAs:
    """How the screen names somebody, by their registration and name.

    In full only on a screen for full names, and only people who signed up under a notice that covers it.
    """
    covered: set[int] = set()
    if screen.names is ScreenNames.FULL:
        rows = db.session.execute(select(PrivacyNotice.id, PrivacyNotice.covers))
        notices = [id_ for id_, covers in rows if WALL_NAMES in covers]
        mine = (Registration.campaign_id == screen.campaign_id, Registration.notice_id.in_(notices))
        covered = set(db.session.scalars(select(Registration.id).where(*mine)))
    return lambda id_, name: name if id_ in covered else masked_name(name)


def arrivals_of(campaign_id: int, *, most: int) -> Arrivals:
    """Who came, each person once whatever the number of check points; three statements at most."""
    first = func.min(Admission.at)
    seated = (Registration.campaign_id == campaign_id, Registration.state == RegistrationState.SEATED)
    rows = (
        select(Registration.id, Person.name, Unit.name, first)
        .join(Admission, Admission.registration_id == Registration.id)
        .join(Person, Person.id == Registration.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(*seated, ~TRIED)
        .group_by(Registration.id, Person.name, Unit.name)
        .order_by(first.desc(), Registration.id)
    )
    came = [Arrival(*row) for row in db.session.execute(rows)]
    places = db.session.scalar(select(func.count()).select_from(Registration).where(*seated)) or 0
    return Arrivals(tuple(came[:most]), len(came), places)
