"""The forfeits of a campaign: read from the results, with what organisers entered; and saved in one act."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.campaigns.kinds import Hike
from eventreg.campaigns.rules import ScheduleState
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.core.trail import audit
from eventreg.venue.teams import flights, reading
from eventreg.venue.teams.performing import Performers
from eventreg.venue.teams.reading import TeamPerson, TeamsOfActivity
from eventreg.venue.walk import results

from .models import ProgrammeItem
from .rules import Debtor, Forfeit, ItemFacts, ItemState, check_item, listed, renumbered

FORFEIT = "forfeit"


@dataclass(frozen=True, slots=True)
class ForfeitLine:
    """A forfeit with the people who perform it, and the number and name of their team (0 and "" for a hiker)."""

    forfeit: Forfeit
    activity: ActivityFacts
    people: tuple[TeamPerson, ...]
    team: int = 0
    team_name: str = ""


@dataclass(frozen=True, slots=True)
class ForfeitList:
    """All forfeits in their order. `unknown` are the contests of which it is not yet known who performs.

    `version` changes with the list: a form carries it.
    """

    lines: tuple[ForfeitLine, ...]
    unknown: tuple[tuple[ActivityFacts, Performers], ...]
    version: str

    @property
    def complete(self) -> bool:
        """Whether every contest tells who performs."""
        return not self.unknown


def list_of(campaign: CampaignFacts) -> ForfeitList:
    """The forfeits of a campaign: late hikers one each, teams together."""
    contests = flights.performers_of(campaign)
    owed = [*_hikers(campaign), *(debtor for teams, found in contests for debtor in _teams(teams, found))]
    lines = listed(owed, _entered(campaign, contests))
    hikers = reading.persons_of(campaign, {line.debtor.registration_id for line in lines} - {0})
    shown = tuple(_line(line, campaign, hikers, contests) for line in lines)
    unknown = tuple(
        (teams.activity, found) for teams, found in contests if teams.teams and not found.complete
    )
    return ForfeitList(shown, unknown, _version(shown))


def save(
    campaign_id: int, typed: Mapping[Debtor, ItemFacts], *, actor: Actor, seen: str | None = None
) -> bool:
    """Store title, position and state of forfeits, numbered anew in the order typed; False when nothing changed.

    Raises what `check_item` does, and Refused("forfeit.changed_meanwhile") when the list is another one than was shown.
    """
    campaigns.lock_window(campaign_id)
    campaign = campaigns.campaign_by_id(campaign_id)
    before = list_of(campaign)
    if seen is not None and seen != before.version:
        raise Refused("forfeit.changed_meanwhile")
    for item in typed.values():
        check_item(item)
    lines = [line.forfeit for line in before.lines]
    wanted = renumbered(Forfeit(line.debtor, typed.get(line.debtor, line.item), line.owed) for line in lines)
    if {(one.debtor, one.item) for one in wanted} == {(one.debtor, one.item) for one in lines}:
        return False
    for line in wanted:
        _store(campaign_id, line)
    db.session.flush()
    done = sum(line.item.state is not ItemState.DUE for line in wanted)
    audit.record("forfeits.changed", f"campaign:{campaign_id}", actor=actor, n=len(wanted), done=done)
    return True


def _hikers(campaign: CampaignFacts) -> list[Debtor]:
    late = [
        (activity.id, registration_id)
        for activity in campaign.activities
        if isinstance(activity.parameters, Hike) and activity.schedule is not ScheduleState.CANCELLED
        for registration_id in results.late_registration_ids(campaign.id, activity.id)
    ]
    known = reading.persons_of(campaign, {registration_id for _activity, registration_id in late})
    return [Debtor(activity_id, known[id_].arrival, registration_id=id_) for activity_id, id_ in late]


def _teams(teams: TeamsOfActivity, found: Performers) -> list[Debtor]:
    ids = {team.number: team.id for team in teams.teams}
    return [Debtor(teams.activity.id, number, team_id=ids[number]) for number in found.teams]


def _entered(
    campaign: CampaignFacts, contests: list[tuple[TeamsOfActivity, Performers]]
) -> dict[Debtor, ItemFacts]:
    """What was entered, by debtor."""
    rows = select(ProgrammeItem).where(
        ProgrammeItem.campaign_id == campaign.id, ProgrammeItem.kind == FORFEIT
    )
    found = list(db.session.scalars(rows.execution_options(populate_existing=True)))
    numbers = {team.id: team.number for teams, _performers in contests for team in teams.teams}
    arrivals = {
        id_: one.arrival
        for id_, one in reading.persons_of(
            campaign, {r.registration_id for r in found if r.registration_id}
        ).items()
    }
    entered = {}
    for row in found:
        natural = arrivals.get(row.registration_id or 0, 0) or numbers.get(row.team_id or 0, 0)
        debtor = Debtor(row.activity_id or 0, natural, row.registration_id or 0, row.team_id or 0)
        if natural:
            state = ItemState(row.state)
            entered[debtor] = ItemFacts(row.title, row.position, state, row.reason or "")
    return entered


def _line(
    line: Forfeit,
    campaign: CampaignFacts,
    hikers: Mapping[int, TeamPerson],
    contests: list[tuple[TeamsOfActivity, Performers]],
) -> ForfeitLine:
    activity = next(one for one in campaign.activities if one.id == line.debtor.activity_id)
    if line.debtor.registration_id:
        return ForfeitLine(line, activity, (hikers[line.debtor.registration_id],))
    team = next(t for teams, _found in contests for t in teams.teams if t.id == line.debtor.team_id)
    return ForfeitLine(line, activity, team.members, team.number, team.name)


def _store(campaign_id: int, line: Forfeit) -> None:
    debtor, item = line.debtor, line.item
    column = ProgrammeItem.team_id if debtor.team_id else ProgrammeItem.registration_id
    mine = (ProgrammeItem.kind == FORFEIT, ProgrammeItem.activity_id == debtor.activity_id)
    row = db.session.scalar(
        select(ProgrammeItem).where(*mine, column == (debtor.team_id or debtor.registration_id))
    )
    if row is None:
        row = ProgrammeItem(
            campaign_id=campaign_id,
            activity_id=debtor.activity_id,
            kind=FORFEIT,
            registration_id=debtor.registration_id or None,
            team_id=debtor.team_id or None,
        )
        db.session.add(row)
    row.title, row.position, row.state = item.title, item.position or 0, str(item.state)
    row.reason = item.reason or None


def _version(lines: tuple[ForfeitLine, ...]) -> str:
    told = [(line.forfeit.debtor, line.forfeit.item, line.forfeit.owed) for line in lines]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]
