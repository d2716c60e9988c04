"""Teams and forfeits for programs. Scope `registrations`."""

from __future__ import annotations

from typing import Any

from flask_smorest.blueprint import Blueprint
from marshmallow import RAISE

from eventreg.campaigns import service as campaigns
from eventreg.venue.programme import forfeits as programme
from eventreg.venue.programme.forfeits import ForfeitLine
from eventreg.venue.teams import flights, reading
from eventreg.venue.teams.reading import TeamFacts, TeamsOfActivity

from .team_schemas import ActivityQuery, ForfeitPage, TeamList

bp = Blueprint("api_teams", __name__, url_prefix="/api/v1", description="Teams and forfeits")


@bp.route("/campaigns/<slug>/teams", methods=["GET"])
@bp.arguments(ActivityQuery(), location="query", unknown=RAISE)
@bp.response(200, TeamList)
def list_teams(query: dict[str, Any], slug: str) -> dict[str, Any]:
    """The teams of a contest, who is left over, and who performs"""
    campaign = campaigns.get_campaign(slug)
    teams = reading.teams_of(campaign, reading.get_contest(campaign, query["activity"]))
    found = flights.performers_in(teams)
    return {
        "teams": [_team(team, teams, performs=team.number in found.teams) for team in teams.teams],
        "over": [one.staff_no for one in teams.over],
        "missing": teams.missing,
        "complete": bool(teams.teams) and found.complete,
    }


@bp.route("/campaigns/<slug>/forfeits", methods=["GET"])
@bp.response(200, ForfeitPage)
def list_forfeits(slug: str) -> dict[str, Any]:
    """Who owes a forfeit, in the order of the programme"""
    found = programme.list_of(campaigns.get_campaign(slug))
    owed = [line for line in found.lines if line.forfeit.owed]
    return {"forfeits": [_forfeit(n, line) for n, line in enumerate(owed, 1)], "complete": found.complete}


def _team(team: TeamFacts, teams: TeamsOfActivity, *, performs: bool) -> dict[str, Any]:
    return {
        "number": team.number,
        "name": team.name,
        "formed": str(team.formed),
        "full": len(team.members) == teams.shape.size,
        "members": [one.staff_no for one in team.members],
        "flown": team.flight.flown,
        "rank": team.flight.rank,
        "performs": performs,
    }


def _forfeit(position: int, line: ForfeitLine) -> dict[str, Any]:
    item = line.forfeit.item
    return {
        "position": position,
        "kind": "team" if line.team else "hiker",
        "team": line.team or None,
        "performers": [one.staff_no for one in line.people],
        "title": item.title,
        "state": str(item.state),
        "reason": item.reason,
    }
