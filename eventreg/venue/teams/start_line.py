"""At the start line: take out somebody whom no check point has seen, and enter the next who waits and stands there.

Both in one transaction, so nobody else gets the place in between and no pool is exceeded. It is done by hand also after
the activities have begun, when nobody moves up by themselves any more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.campaigns.models import Campaign
from eventreg.campaigns.rules import PoolFacts
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.people import service as people
from eventreg.registrations import ending, letters, seating, tickets
from eventreg.registrations.answers import choices
from eventreg.registrations.by_hand.rules import HandReason
from eventreg.registrations.models import Registration
from eventreg.registrations.participants import Applicant
from eventreg.registrations.rules import RegistrationState, next_in_line
from eventreg.venue import presence
from eventreg.venue.offline import let_in

from . import forming, reading
from .models import TeamMember
from .reading import TeamPerson
from .rules import Formed

Line = Sequence[tuple[Registration, Applicant]]


@dataclass(frozen=True, slots=True)
class WaitingPerson:
    """Somebody on the waiting list."""

    registration_id: int
    arrival: int
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class StoodIn:
    """What was done, as ids of registrations: who was taken out, who got a place, and who was passed over."""

    taken_out: int | None
    entered: tuple[int, ...]
    passed_over: tuple[int, ...]


def list_unseen(campaign: CampaignFacts) -> list[TeamPerson]:
    """Everybody with a place whom no check point has seen on the day, by arrival number."""
    through = _let_in(campaign)
    return [
        one
        for one in reading.list_seated(campaign)
        if one.came_at is None and one.registration_id not in through
    ]


def list_waiting(campaign_id: int) -> list[WaitingPerson]:
    """The waiting list in its order, people who left the company left out."""
    line = [(row, one) for row, one in seating.waiting_list(campaign_id) if one.employed]
    known = people.people_by_id({row.person_id for row, _one in line})
    return [
        WaitingPerson(row.id, row.arrival, known[row.person_id].name, known[row.person_id].unit)
        for row, _one in line
    ]


def stand_in(campaign_id: int, absent_id: int | None, standing: Collection[int], *, actor: Actor) -> StoodIn:
    """Take out `absent_id` (None: a place is free already) and give the free places to those who are standing there.

    They get them in the order of the waiting list, as far as their pools have room. Whoever is passed over keeps their
    number. Raises Refused("start_line.seen") for somebody who was scanned meanwhile, ("start_line.gone") for somebody
    without a place, ("start_line.nobody_ticked"), ("start_line.no_place") when none of them can have a place,
    ("start_line.over") after the last activity, or ("registration.called_off"). Nothing is done then.
    """
    if not standing:
        raise Refused("start_line.nobody_ticked", field="standing")
    campaign, window = campaigns.lock_window(campaign_id)
    facts = campaigns.campaign_by_id(campaign_id)
    if window.called_off:
        raise Refused("registration.called_off")
    if actor.now >= facts.ends_at:
        raise Refused("start_line.over")
    seating.catch_up(campaign_id, actor=actor)
    if absent_id is not None:
        _take_out(campaign, facts, absent_id, actor=actor)
    entered, passed = _give_places(campaign, standing, actor=actor)
    if not entered:
        raise Refused("start_line.no_place", field="standing")
    for activity in reading.contests_of(facts):
        _fill_teams(facts, activity, absent_id, entered)
    return StoodIn(absent_id, entered, passed)


def _let_in(campaign: CampaignFacts) -> dict[int, datetime]:
    """When a phone let people through by itself, by registration: they are on the premises as well."""
    return {
        one.registration_id: one.at.astimezone(campaign.zone)
        for one in let_in.list_of(campaign.id)
        if one.registration_id is not None and one.off_at is None
    }


def _take_out(campaign: Campaign, facts: CampaignFacts, absent_id: int, *, actor: Actor) -> None:
    seen_at = presence.find_admission(absent_id, facts)  # locks the registration
    seen_at = seen_at or _let_in(facts).get(absent_id)
    registration = db.session.get(Registration, absent_id, populate_existing=True)
    if registration is None or registration.campaign_id != campaign.id:
        raise NotFound("registration")
    if registration.state != RegistrationState.SEATED:
        raise Refused("start_line.gone", field="absent")
    if seen_at is not None:
        raise Refused("start_line.seen", field="absent", at=seen_at)
    ending.end_by_hand(campaign, registration, HandReason.ABSENT, actor=actor)


def _give_places(
    campaign: Campaign, standing: Collection[int], *, actor: Actor
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Seat those who stand there, in order; who got a place, and who was passed over."""
    pools = seating.pools_of(campaign.id, now=actor.now)
    line = list(seating.waiting_list(campaign.id, options=choices.have_places(pools)))
    fitting = _fitting([(row, one) for row, one in line if row.id in standing and one.employed], pools)
    for row, one, pool_ids in fitting:
        seating.take(pool_ids)
        seating.seat(campaign, row, pool_ids, now=actor.now)
        tickets.issue(row.id, campaign.id, keys=actor.keys, now=actor.now)
        letters.post_promotion(one.recipient, row, confirm_by=None, now=actor.now)
        seating.record("stood_in", row, actor=actor)
    entered = tuple(row.id for row, _one, _pools in fitting)
    last = max((row.arrival for row, _one, _pools in fitting), default=0)
    passed = [row for row, _one in line if row.arrival < last and row.id not in entered]
    for row in passed:
        reason = "pool_full" if row.id in standing else "not_there"
        seating.record("passed_over", row, actor=actor, reason=reason)
    return entered, tuple(row.id for row in passed)


def _fitting(
    standing: Line, pools: Sequence[PoolFacts]
) -> list[tuple[Registration, Applicant, tuple[int, ...]]]:
    line = (((row, one), one.candidate) for row, one in standing)
    placed = next_in_line(line, pools)
    return [(row, one, tuple(pool.id for pool in mine)) for (row, one), mine in placed if mine is not None]


def _fill_teams(
    facts: CampaignFacts, activity: ActivityFacts, absent_id: int | None, entered: Iterable[int]
) -> None:
    """Put newcomers into gaps, first that of the person taken out; with the people left over they form the next team."""
    teams = reading.teams_of(facts, activity)
    if not teams.teams:
        return
    gaps = [team.id for team in teams.teams for _gap in range(teams.shape.size - len(team.members))]
    gone = db.session.scalar(
        delete(TeamMember)
        .where(TeamMember.activity_id == activity.id, TeamMember.registration_id == (absent_id or 0))
        .returning(TeamMember.team_id)
    )
    if gone in gaps:
        gaps.remove(gone)
        gaps.insert(0, gone)
    left = []
    for registration_id in entered:
        if gaps:
            db.session.add(
                TeamMember(activity_id=activity.id, registration_id=registration_id, team_id=gaps.pop(0))
            )
        else:
            left.append(registration_id)
    db.session.flush()
    over = [one.registration_id for one in teams.over if one.registration_id not in {*entered}] + left
    numbers = {team.number for team in teams.teams}
    free = [number for number in range(1, teams.shape.teams + 1) if number not in numbers]
    if free and len(over) >= teams.shape.size:
        forming.put(activity.id, free[0], over[: teams.shape.size], Formed.HAND)
