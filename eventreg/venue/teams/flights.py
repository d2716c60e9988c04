"""Note who flew and how high, on one form; and which teams perform."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import delete

from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.actor import Actor
from eventreg.core.db.session import db, insert_row
from eventreg.core.errors import Refused
from eventreg.core.trail import audit

from . import forming, reading
from .models import Flight
from .performing import FlightFacts, Performers, find_faults, performers
from .reading import TeamsOfActivity


def save(
    campaign_id: int,
    activity_id: int,
    typed: Mapping[int, FlightFacts],
    *,
    equal: Collection[tuple[int, ...]] = (),
    actor: Actor,
    seen: str | None = None,
) -> bool:
    """Store what is noted about each team, by number; False when nothing changed. `equal` are groups of equal height.

    Raises Refused("grouping.changed_meanwhile"), or the first fault of `performing.find_faults`.
    """
    _campaign, _activity, teams = forming.lock(campaign_id, activity_id)
    forming.check_seen(teams, seen)
    noted = {team.number: typed.get(team.number, team.flight) for team in teams.teams}
    for fault in find_faults(list(noted.values()), teams.shape, equal=equal):
        raise Refused(fault.code, team=fault.team, **fault.facts)
    changed = [team for team in teams.teams if noted[team.number] != team.flight]
    for team in changed:
        flight = noted[team.number]
        db.session.execute(delete(Flight).where(Flight.team_id == team.id))
        if flight.flown is not None:
            insert_row(
                Flight,
                team_id=team.id,
                flown=flight.flown,
                rank=flight.rank,
                by=actor.audit_name,
                at=actor.now,
            )
        audit.record(
            "flight.noted", f"campaign:{campaign_id}", actor=actor, activity=activity_id,
            team=team.number, flown=flight.flown, rank=flight.rank,
        )  # fmt: skip
    return bool(changed)


def performers_in(teams: TeamsOfActivity) -> Performers:
    """Which teams of a contest perform, by the reading that its parameters declare."""
    return performers([team.flight for team in teams.teams], teams.contest.performs)


def performers_of(campaign: CampaignFacts) -> list[tuple[TeamsOfActivity, Performers]]:
    """The teams and performers of each contest of a campaign."""
    found = [reading.teams_of(campaign, activity) for activity in reading.contests_of(campaign)]
    return [(teams, performers_in(teams)) for teams in found]
