"""Form the teams of a contest, and change them by hand; each with the campaign locked.

Rows of teams stay, so that what was noted about team 7 stays with team 7; a team without people is not shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from sqlalchemy import delete, select

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.core.actor import Actor
from eventreg.core.db.session import db, insert_row
from eventreg.core.errors import Refused
from eventreg.core.trail import audit
from eventreg.registrations import reading as registrations

from . import reading
from .models import Team, TeamMember
from .reading import TeamPerson, TeamsOfActivity
from .rules import BuiltTeams, Formed, by_wish, mixed
from .wishes import WishesRead, WishParty, read_wishes

NAME_MOST = 40


class Among(StrEnum):
    """Of whom teams are formed: everybody with a place, or those who are here."""

    SEATED = "seated"
    PRESENT = "present"


def lock(campaign_id: int, activity_id: int) -> tuple[CampaignFacts, ActivityFacts, TeamsOfActivity]:
    """Lock the campaign, and read it and the teams of its contest anew. Raises NotFound."""
    campaigns.lock_window(campaign_id)
    campaign = campaigns.campaign_by_id(campaign_id)
    activity = reading.get_contest(campaign, activity_id)
    return campaign, activity, reading.teams_of(campaign, activity)


def check_formable(teams: TeamsOfActivity, seen: str | None) -> None:
    """Refuse to form teams anew once the round has started or a flight is noted, and when they changed meanwhile.

    Raises Refused("grouping.locked") or ("grouping.changed_meanwhile").
    """
    if teams.locked or any(team.flight.flown is not None for team in teams.teams):
        raise Refused("grouping.locked")
    check_seen(teams, seen)


def check_seen(teams: TeamsOfActivity, seen: str | None) -> None:
    """Raise Refused("grouping.changed_meanwhile") when the form was filled from other teams."""
    if seen is not None and seen != teams.version:
        raise Refused("grouping.changed_meanwhile")


def chosen(persons: Iterable[TeamPerson], among: Among) -> list[TeamPerson]:
    """Of whom teams are formed."""
    return [one for one in persons if among is Among.SEATED or one.came_at is not None]


def form(
    campaign_id: int,
    activity_id: int,
    how: Formed,
    among: Among,
    *,
    actor: Actor,
    question: str = "",
    seen: str | None = None,
) -> BuiltTeams:
    """Form the teams anew, mixed by department or by wish; `question` is the key of the question that asked for wishes.

    Raises Refused("grouping.locked"), ("grouping.changed_meanwhile") or ("grouping.nobody").
    """
    campaign, activity, before = lock(campaign_id, activity_id)
    check_formable(before, seen)
    persons = chosen(reading.list_seated(campaign), among)
    shape, candidates = reading.shape_of(activity), reading.candidates_of(persons)
    if how is Formed.WISH:
        wishes = wishes_of(campaign_id, persons, question)
        built = by_wish(candidates, wishes.wishes, shape)
    else:
        built = mixed(candidates, shape)
    write(activity_id, campaign_id, built.teams, how, actor=actor)
    return built


def wishes_of(campaign_id: int, persons: Sequence[TeamPerson], question: str) -> WishesRead:
    """What these people answered to the question with whom they would like to be, by its key."""
    parties = [WishParty(one.registration_id, one.name, one.staff_no) for one in persons]
    answers = registrations.answers_to(campaign_id, question)
    mine = {party.registration_id for party in parties}
    return read_wishes(parties, {id_: text for id_, text in answers.items() if id_ in mine})


def write(
    activity_id: int, campaign_id: int, teams: Sequence[Sequence[int]], how: Formed, *, actor: Actor
) -> None:
    """Store the teams 1, 2, ... anew. Raises Refused("grouping.nobody") when nobody is in one."""
    if not any(teams):
        raise Refused("grouping.nobody")
    db.session.execute(delete(TeamMember).where(TeamMember.activity_id == activity_id))
    for number, members in enumerate(teams, 1):
        put(activity_id, number, members, how)
    audit.record(
        "teams.formed",
        f"campaign:{campaign_id}",
        actor=actor,
        activity=activity_id,
        how=str(how),
        teams=len(teams),
    )


def put(activity_id: int, number: int, members: Iterable[int], how: Formed, *, name: str = "") -> None:
    """Store one team with these members, who are in no other."""
    mine = (Team.activity_id == activity_id, Team.number == number)
    team = db.session.scalar(select(Team).where(*mine).execution_options(populate_existing=True))
    if team is None:
        team = Team(activity_id=activity_id, number=number, name=name, formed=str(how))
        db.session.add(team)
        db.session.flush()
    team.formed = str(how)
    for registration_id in members:
        insert_row(TeamMember, activity_id=activity_id, registration_id=registration_id, team_id=team.id)
    db.session.flush()


def change(
    campaign_id: int,
    activity_id: int,
    numbers: Mapping[int, int | None],
    *,
    actor: Actor,
    seen: str | None = None,
    short: bool = False,
) -> bool:
    """Put people into teams by hand: the number of each registration's team, None for none. False when nothing changed.

    Raises Refused("grouping.too_large"), ("grouping.number") or, unless `short` teams are confirmed, ("grouping.too_small"), each
    with the number of the team; and Refused("grouping.changed_meanwhile").
    """
    campaign, _activity, before = lock(campaign_id, activity_id)
    check_seen(before, seen)
    was = {m.registration_id: team.number for team in before.teams for m in team.members}
    wanted = {one.registration_id: numbers.get(one.registration_id) for one in reading.list_seated(campaign)}
    teams: dict[int, list[int]] = {}
    for registration_id, number in wanted.items():
        if number is not None:
            teams.setdefault(number, []).append(registration_id)
    if teams == _by_number(was):
        return False
    _check_sizes({number: len(members) for number, members in teams.items()}, before, short=short)
    db.session.execute(delete(TeamMember).where(TeamMember.activity_id == activity_id))
    formed = {team.number: team.formed for team in before.teams}
    for number, members in sorted(teams.items()):
        same = members == _by_number(was).get(number)
        put(activity_id, number, members, formed[number] if same else Formed.HAND)
    moved = sum(was.get(id_) != number for id_, number in wanted.items())
    audit.record("teams.changed", f"campaign:{campaign_id}", actor=actor, activity=activity_id, people=moved)
    return True


def _by_number(numbers: Mapping[int, int]) -> dict[int, list[int]]:
    teams: dict[int, list[int]] = {}
    for registration_id, number in numbers.items():
        teams.setdefault(number, []).append(registration_id)
    return teams


def _check_sizes(people: Mapping[int, int], before: TeamsOfActivity, *, short: bool) -> None:
    """Refuse teams that cannot be, then those that are too large, then those that do not fill."""
    shape = before.shape
    for number in sorted(people):
        if not 1 <= number <= shape.teams:
            raise Refused("grouping.number", team=number, most=shape.teams)
    for number, n in sorted(people.items()):
        if n > shape.size:
            raise Refused("grouping.too_large", team=number, n=n, size=shape.size)
    for number, n in sorted(people.items()):
        if n < shape.size and not short:
            raise Refused("grouping.too_small", team=number, n=n, missing=shape.size - n)
