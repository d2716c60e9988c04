"""The results of a hike with their people, and who owes a forfeit. Reads only.

The caller has checked that the visitor may see the campaign.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.campaigns.kinds.hike import Hike
from eventreg.campaigns.service import campaigns_by_id
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound
from eventreg.people.models import Person, Unit
from eventreg.registrations.models import Registration

from .day import WalkDay, results_of
from .readings import get_hike, read_day
from .rules import WalkResult, WalkStanding


@dataclass(frozen=True, slots=True)
class WalkLine:
    """Somebody's walk. `let_in` says that only a phone let them through."""

    registration_id: int
    arrival: int
    name: str
    staff_no: str
    unit: str
    result: WalkResult
    let_in: bool = False


@dataclass(frozen=True, slots=True)
class WalkResults:
    """The results of a hike by time, with what they were computed from.

    `let_in` are people whom only a phone let through: they have no result, but they are out there.
    """

    hike: Hike
    day: WalkDay
    lines: tuple[WalkLine, ...]
    let_in: tuple[WalkLine, ...] = ()

    def of(self, *standings: WalkStanding) -> list[WalkLine]:
        """The lines of people with a result of these standings."""
        return [line for line in self.lines if line.result.standing in standings]

    @property
    def out(self) -> list[WalkLine]:
        """Everybody who may be on the way, whoever is out longest first; also people whom only a phone let through."""
        not_back = [
            line
            for line in (*self.lines, *self.let_in)
            if line.result.standing is WalkStanding.NOT_BACK or (line.result.off_again and not line.let_in)
        ]
        return sorted(not_back, key=lambda line: (line.result.off_again or line.result.start, line.arrival))


def list_results(campaign: CampaignFacts, activity: ActivityFacts) -> WalkResults:
    """The results by time, people without a time last, each by arrival."""
    hike = hike_of(activity)
    day = read_day(campaign, activity)
    found = results_of(day, hike)
    admitted = {scan.registration_id for scan in day.scans if not scan.refused}
    lines = [
        WalkLine(
            id_, arrival, name, staff_no, unit, found[id_], let_in=id_ in day.let_in and id_ not in admitted
        )
        for id_, arrival, name, staff_no, unit in _people(campaign.id)
        if id_ in found
    ]
    lines.sort(key=_by_time)
    return WalkResults(
        hike,
        day,
        tuple(line for line in lines if not line.let_in),
        tuple(line for line in lines if line.let_in),
    )


def hike_of(activity: ActivityFacts) -> Hike:
    """The distance and limit of a hike. Raises NotFound for another kind of activity."""
    if not isinstance(activity.parameters, Hike):
        raise NotFound("hike")
    return activity.parameters


def late_registration_ids(campaign_id: int, activity_id: int) -> list[int]:
    """The registrations of people who finished late, the least late first: they owe a forfeit (plan P7)."""
    campaign = campaigns_by_id({campaign_id})[campaign_id]
    found = list_results(campaign, get_hike(campaign, activity_id))
    return [line.registration_id for line in found.of(WalkStanding.LATE)]


def _by_time(line: WalkLine) -> tuple[bool, int, int]:
    seconds = line.result.elapsed_s
    return seconds is None, seconds or 0, line.arrival


def _people(campaign_id: int) -> list[tuple[int, int, str, str, str]]:
    columns = (Registration.id, Registration.arrival, Person.name, Person.staff_no, Unit.name)
    rows = (
        select(*columns)
        .join(Person, Person.id == Registration.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Registration.campaign_id == campaign_id)
        .order_by(Registration.arrival)
    )
    return [(id_, arrival, name, no, unit) for id_, arrival, name, no, unit in db.session.execute(rows)]
