"""What the green screen shows beside a name: the chosen option that has places of its own, such as a bus, and the team.

Other answers are not shown: what somebody eats concerns nobody at the door.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from sqlalchemy import select

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.rules import PoolScope
from eventreg.core.db.session import db
from eventreg.registrations.answers import choices
from eventreg.venue.teams.models import Team, TeamMember

# Words a team by its number and its name, which is often empty.
TeamNaming = Callable[[int, str], str]


def labels_of(
    registration_ids: Collection[int], campaign: CampaignFacts, *, named: TeamNaming
) -> dict[int, str]:
    """The labels by id of the registration; who has none is left out. At most three statements."""
    parts: dict[int, list[str]] = {}
    if any(pool.scope is PoolScope.OPTION for pool in campaign.pools):
        names = _names(campaign)
        for id_, chosen in choices.of_registrations(registration_ids).items():
            parts.setdefault(id_, []).extend(names[one] for one in sorted(chosen) if one in names)
    for id_, number, name in _teams(registration_ids):
        parts.setdefault(id_, []).append(named(number, name))
    return {id_: " · ".join(some) for id_, some in parts.items() if some}


def _names(campaign: CampaignFacts) -> Mapping[tuple[str, str], str]:
    """The options that have places, by question key and code."""
    bound = {(pool.question_key, pool.option) for pool in campaign.pools if pool.scope is PoolScope.OPTION}
    return {
        (question.key, option.code): option.label
        for question in campaigns.list_questions(campaign.id)
        for option in question.options
        if (question.key, option.code) in bound
    }


def _teams(registration_ids: Collection[int]) -> list[tuple[int, int, str]]:
    rows = (
        select(TeamMember.registration_id, Team.number, Team.name)
        .join(Team, Team.id == TeamMember.team_id)
        .where(TeamMember.registration_id.in_(registration_ids))
        .order_by(TeamMember.registration_id, Team.activity_id)
    )
    return [(id_, number, name) for id_, number, name in db.session.execute(rows)]
