"""Teams as pages, programs and screens see them. Reads only; the caller has checked that the visitor may see the campaign.

A team is those of its members who have a place: whoever withdraws leaves a gap that is seen at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.campaigns.kinds import Contest
from eventreg.campaigns.rules import ScheduleState
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound
from eventreg.people import service as people
from eventreg.registrations.models import Registration
from eventreg.registrations.rules import RegistrationState
from eventreg.venue import presence

from .models import Flight, Team, TeamMember
from .performing import FlightFacts
from .rules import Formed, TeamCandidate, TeamShape


@dataclass(frozen=True, slots=True)
class TeamPerson:
    """Somebody with a place. `department` is the unit directly below the company; `came_at` is None until somebody is seen."""

    registration_id: int
    arrival: int
    name: str
    staff_no: str
    unit: str
    department: str
    came_at: datetime | None


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """A team with the members who have a place, and how it flew."""

    id: int
    number: int
    name: str
    formed: Formed
    locked: bool
    members: tuple[TeamPerson, ...]
    flight: FlightFacts


@dataclass(frozen=True, slots=True)
class TeamsOfActivity:
    """The teams of a contest by number. `over` are people in no team; on the day, those of them who are here.

    `absent` are people in no team who have not come although others have. `version` changes with every change of the teams.
    """

    activity: ActivityFacts
    teams: tuple[TeamFacts, ...]
    over: tuple[TeamPerson, ...]
    absent: tuple[TeamPerson, ...]
    version: str

    @property
    def contest(self) -> Contest:
        """The parameters of the contest."""
        return contest_of(self.activity)

    @property
    def shape(self) -> TeamShape:
        """How many teams of how many people there are to be."""
        return shape_of(self.activity)

    @property
    def locked(self) -> bool:
        """Whether the round has started."""
        return any(team.locked for team in self.teams)

    @property
    def full(self) -> int:
        """How many teams stand: they have as many people as planned."""
        return sum(len(team.members) >= self.shape.size for team in self.teams)

    @property
    def missing(self) -> int:
        """How many people all teams lack, after everybody who is left over."""
        placed = sum(len(team.members) for team in self.teams)
        return max(self.shape.teams * self.shape.size - placed - len(self.over), 0)


def contests_of(campaign: CampaignFacts) -> list[ActivityFacts]:
    """The contests of a campaign that take place, in the order of its plan."""
    return [
        activity
        for activity in campaign.activities
        if isinstance(activity.parameters, Contest) and activity.schedule is not ScheduleState.CANCELLED
    ]


def get_contest(campaign: CampaignFacts, activity_id: int | None = None) -> ActivityFacts:
    """This contest of the campaign, or its first one. Raises NotFound."""
    found = [one for one in contests_of(campaign) if activity_id in {None, one.id}]
    if not found:
        raise NotFound("contest")
    return found[0]


def contest_of(activity: ActivityFacts) -> Contest:
    """The parameters of a contest. Raises NotFound for an activity of another kind."""
    if not isinstance(activity.parameters, Contest):
        raise NotFound("contest")
    return activity.parameters


def shape_of(activity: ActivityFacts) -> TeamShape:
    """How many teams of how many people a contest has."""
    contest = contest_of(activity)
    return TeamShape(contest.teams, contest.team_size)


def teams_of(campaign: CampaignFacts, activity: ActivityFacts) -> TeamsOfActivity:
    """The teams of a contest, and who is in none."""
    seated = list_seated(campaign)
    rows = _rows(activity.id)
    team_of = _members(activity.id)
    flights = _flights([team.id for team in rows])
    together: dict[int, list[TeamPerson]] = {}
    for one in seated:
        if one.registration_id in team_of:
            together.setdefault(team_of[one.registration_id], []).append(one)
    teams = []
    for row in rows:
        members = tuple(together.get(row.id, ()))
        if not members and row.id not in flights:
            continue
        flight = flights.get(row.id)
        noted = FlightFacts(row.number, flight.flown, flight.rank) if flight else FlightFacts(row.number)
        locked = row.locked_at is not None
        teams.append(TeamFacts(row.id, row.number, row.name, Formed(row.formed), locked, members, noted))
    alone = [one for one in seated if one.registration_id not in team_of]
    begun = any(one.came_at for one in seated)
    over = tuple(one for one in alone if one.came_at or not begun)
    absent = tuple(one for one in alone if begun and not one.came_at)
    return TeamsOfActivity(activity, tuple(teams), over, absent, _version(teams))


def list_seated(campaign: CampaignFacts) -> list[TeamPerson]:
    """Everybody who has a place, by arrival number, with when they were first seen on the day."""
    mine = (Registration.campaign_id == campaign.id, Registration.state == str(RegistrationState.SEATED))
    return _persons(campaign, mine)


def persons_of(campaign: CampaignFacts, registration_ids: Collection[int]) -> dict[int, TeamPerson]:
    """Some people of the campaign by registration, whatever became of it."""
    mine = (Registration.campaign_id == campaign.id, Registration.id.in_(registration_ids))
    return {one.registration_id: one for one in _persons(campaign, mine)}


def candidates_of(persons: Sequence[TeamPerson]) -> list[TeamCandidate]:
    """The people as the rules of team building see them; departments are numbered by name."""
    numbers = {name: n for n, name in enumerate(sorted({one.department for one in persons}))}
    return [TeamCandidate(one.registration_id, one.arrival, numbers[one.department]) for one in persons]


def _persons(campaign: CampaignFacts, condition: Sequence[ColumnElement[bool]]) -> list[TeamPerson]:
    columns = (Registration.id, Registration.arrival, Registration.person_id)
    rows = db.session.execute(select(*columns).where(*condition).order_by(Registration.arrival)).all()
    known = people.people_by_id({person_id for _id, _arrival, person_id in rows})
    came = presence.first_admissions([id_ for id_, _arrival, _person_id in rows], campaign)
    found = []
    for id_, arrival, person_id in rows:
        who = known[person_id]
        department = who.units[0] if who.units else ""
        found.append(TeamPerson(id_, arrival, who.name, who.staff_no, who.unit, department, came.get(id_)))
    return found


def _rows(activity_id: int) -> list[Team]:
    rows = select(Team).where(Team.activity_id == activity_id).order_by(Team.number)
    return list(db.session.scalars(rows.execution_options(populate_existing=True)))


def _members(activity_id: int) -> dict[int, int]:
    rows = select(TeamMember.registration_id, TeamMember.team_id).where(TeamMember.activity_id == activity_id)
    return {registration_id: team_id for registration_id, team_id in db.session.execute(rows)}  # noqa: C416


def _flights(team_ids: Collection[int]) -> dict[int, Flight]:
    rows = select(Flight).where(Flight.team_id.in_(team_ids)).execution_options(populate_existing=True)
    return {row.team_id: row for row in db.session.scalars(rows)}


def _version(teams: Collection[TeamFacts]) -> str:
    """Of members, names and flights: a form carries it, so that it never overwrites what its reader did not see."""
    told = [
        (
            team.number,
            team.name,
            team.flight.flown,
            team.flight.rank,
            *(m.registration_id for m in team.members),
        )
        for team in teams
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]
