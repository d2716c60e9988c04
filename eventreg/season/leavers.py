"""People who leave the company give their places up, and get them back if they return within a day.

The roster says who left; nothing of a campaign is changed in its transaction, because campaigns are locked before people.
`settle` does what follows from it in units of work of their own: after an import, and at every tick of the jobs, so that nothing is
missed when the server stops in between.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.models import Campaign
from eventreg.campaigns.rules import pools_at, pools_for
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.outbox import service as outbox
from eventreg.people.models import Person
from eventreg.registrations import letters, participants, seating, tickets
from eventreg.registrations.answers import choices
from eventreg.registrations.by_hand import added_places
from eventreg.registrations.models import IS_LIVE, Registration, TakenPlace
from eventreg.registrations.one_of import group_claims
from eventreg.registrations.rules import EndedWhy, RegistrationState, fits, next_in_line
from eventreg.venue import presence

RETURN_WITHIN = timedelta(hours=24)
KIND = "leavers_gave_up"
_AGAIN = aliased(Registration)


@dataclass(frozen=True, slots=True)
class LeavingEffect:
    """What happens in a campaign when certain people leave.

    `seated` of them give up a place there and `waiting` their place on the waiting list; `moving_up` are the names of those
    who would be seated, in order. `marked` of them keep what they have and are only marked on the roster: all of them once an activity
    is under way (`begun`), before it those who were scanned in today.
    """

    campaign: CampaignFacts
    seated: int
    waiting: int
    marked: int
    begun: bool
    moving_up: tuple[str, ...]


def foresee(leavers: Collection[int], *, now: datetime) -> list[LeavingEffect]:
    """What happens in each campaign when these people leave, by campaign. Reads only."""
    mine = (IS_LIVE, Registration.person_id.in_(leavers), Campaign.state == "published")
    columns = select(Registration.campaign_id, Registration.id, Registration.state)
    held: dict[int, dict[int, str]] = {}
    for campaign_id, id_, state in db.session.execute(
        columns.join(Campaign, Campaign.id == Registration.campaign_id).where(*mine)
    ):
        held.setdefault(campaign_id, {})[id_] = state
    known = campaigns.campaigns_by_id(set(held))
    running = [(known[id_], states) for id_, states in sorted(held.items()) if now < known[id_].ends_at]
    return [_effect(campaign, states, leavers, now=now) for campaign, states in running]


def _effect(
    campaign: CampaignFacts, states: Mapping[int, str], leavers: Collection[int], *, now: datetime
) -> LeavingEffect:
    begun = now >= campaign.begins_at
    kept = states.keys() if begun else presence.first_admissions(states.keys(), campaign).keys()
    given_up = {id_: state for id_, state in states.items() if id_ not in kept}
    seated = sum(state == RegistrationState.SEATED for state in given_up.values())
    up = () if begun or campaign.called_off else _moving_up(campaign, given_up.keys(), leavers, now=now)
    return LeavingEffect(campaign, seated, len(given_up) - seated, len(states) - len(given_up), begun, up)


def _moving_up(
    campaign: CampaignFacts, given_up: Collection[int], leavers: Collection[int], *, now: datetime
) -> tuple[str, ...]:
    freed = dict(
        db.session.execute(
            select(TakenPlace.pool_id, func.count())
            .where(TakenPlace.registration_id.in_(given_up))
            .group_by(TakenPlace.pool_id)
        ).all()
    )
    added = added_places.count_held_by(given_up)  # they end with their registrations
    pools = [
        replace(pool, taken=pool.taken - freed.get(pool.id, 0), added=pool.added - added.get(pool.id, 0))
        for pool in pools_at(campaign.pools, now=now)
    ]
    line = (
        (row.person_id, applicant.candidate)
        for row, applicant in seating.waiting_list(campaign.id, options=choices.have_places(pools))
        if applicant.employed and row.person_id not in leavers
    )
    ids = [person_id for person_id, mine in next_in_line(line, pools) if mine is not None]
    names = dict(db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all())
    return tuple(names[id_] for id_ in ids)


def list_due(*, now: datetime) -> list[int]:
    """The campaigns in which somebody who left holds a registration, or somebody who returned has lost one; by id."""
    left = select(Registration.campaign_id).join(Person, Person.id == Registration.person_id)
    left = left.where(IS_LIVE, Person.left_at.is_not(None))
    returned = select(Registration.campaign_id).join(Person, Person.id == Registration.person_id)
    returned = returned.where(*_lost())
    ids = set(db.session.scalars(left.distinct())) | set(db.session.scalars(returned.distinct()))
    found = campaigns.campaigns_by_id(ids)
    return sorted(id_ for id_, c in found.items() if c.published and now < c.begins_at)


def settle(campaign_id: int, *, actor: Actor) -> int:
    """End the registrations of people who left in a campaign, seat the next, and give back what returned people lost.

    Part of one unit of work. Returns how many registrations changed. Nothing happens once an activity has begun: then a leaver is only marked on the
    roster, and so is one who was scanned in on the day. The organisers get one letter with the numbers.
    """
    campaign, window = campaigns.lock_window(campaign_id)
    if not window.published or actor.now >= window.begins_at:
        return 0
    restored = _give_back(campaign, actor=actor)
    ended = _end_leavers(campaign, actor=actor)
    db.session.flush()
    seated = seating.promote(campaign, window, keys=actor.keys, now=actor.now)
    if ended:
        _tell_organisers(campaign, ended, len(seated), actor=actor)
    return len(ended) + restored


def _end_leavers(campaign: Campaign, *, actor: Actor) -> list[int]:
    gone = (Registration.campaign_id == campaign.id, IS_LIVE, Person.left_at.is_not(None))
    rows = (
        select(Registration)
        .join(Person, Person.id == Registration.person_id)
        .where(*gone)
        .order_by(Registration.arrival)
    )
    facts = campaigns.campaign_by_id(campaign.id)
    locked = rows.with_for_update(of=Registration).execution_options(populate_existing=True)
    found = list(db.session.scalars(locked))
    inside = presence.first_admissions([row.id for row in found], facts)  # they are on the spot
    ended = [row for row in found if row.id not in inside]
    for registration in ended:
        seating.end(campaign, registration, EndedWhy.LEFT, actor=actor)
    return [registration.id for registration in ended]


def _lost() -> tuple[ColumnElement[bool], ...]:
    """Registrations that ended because their persons left, who are back, have no other one there and were not told yet."""
    again = (
        select(_AGAIN.id)
        .where(
            _AGAIN.campaign_id == Registration.campaign_id,
            _AGAIN.person_id == Registration.person_id,
            _AGAIN.id > Registration.id,
        )
        .exists()
    )
    return (
        Registration.ended_why == str(EndedWhy.LEFT),
        Person.left_at.is_(None),
        ~again,
        ~outbox.was_posted("registration_withdrawn:", Registration.id),
    )


def _give_back(campaign: Campaign, *, actor: Actor) -> int:
    """Give registrations back to people who returned within a day while nobody was seated for them; tell the others."""
    rows = (
        select(Registration)
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.campaign_id == campaign.id, *_lost())
        .order_by(Registration.arrival)
    )
    restored = 0
    for registration in list(db.session.scalars(rows.execution_options(populate_existing=True))):
        applicant = participants.applicants({registration.person_id})[registration.person_id]
        applicant = applicant.choosing(choices.of_registration(registration.id))
        pools = seating.pools_of(campaign.id, now=actor.now)
        had_place = tickets.was_issued(registration.id)
        room = (not had_place or fits(applicant.candidate, pools)) and _may_claim(campaign, registration)
        if actor.now - (registration.withdrawn_at or actor.now) > RETURN_WITHIN or not room:
            letters.post_letter(
                RegistrationState.WITHDRAWN, applicant.recipient, registration,
                position=None, reason=str(EndedWhy.LEFT), now=actor.now,
            )  # fmt: skip
            continue
        mine = tuple(pool.id for pool in pools_for(applicant.candidate, pools)) if had_place else None
        _restore(campaign, registration, applicant, mine, actor=actor)
        restored += 1
    return restored


def _may_claim(campaign: Campaign, registration: Registration) -> bool:
    """Whether the person has not signed up for another campaign of the same group meanwhile."""
    if campaign.one_of is None:
        return True
    return group_claims.find_held(campaign.season_id, campaign.one_of, registration.person_id) is None


def _restore(
    campaign: Campaign,
    registration: Registration,
    applicant: participants.Applicant,
    pool_ids: tuple[int, ...] | None,
    *,
    actor: Actor,
) -> None:
    """Make a registration live again with its arrival number: with a place in these pools, or waiting for None."""
    registration.withdrawn_at = registration.ended_why = None
    if registration.confirm_by is not None and registration.confirm_by <= actor.now:  # nobody could answer
        registration.confirm_by = registration.asked_at = registration.confirm_for = None
    if campaign.one_of is not None:
        group_claims.claim(campaign.season_id, campaign.one_of, registration.person_id, registration.id)
    if pool_ids is None:
        registration.state = str(RegistrationState.WAITING)
        campaign.waiting += 1
    else:
        registration.state = str(RegistrationState.SEATED)
        seating.take(pool_ids)
        seating.note(registration.id, pool_ids)
        serial = tickets.last_serial(registration.id) + 1
        tickets.issue(registration.id, campaign.id, serial=serial, keys=actor.keys, now=actor.now)
        letters.post_new_ticket(applicant.recipient, registration, serial=serial, now=actor.now)
    seating.record("restored", registration, actor=actor)
    db.session.flush()


def _tell_organisers(campaign: Campaign, ended: list[int], seated: int, *, actor: Actor) -> None:
    held = campaign_grants.list_in(campaign.id, now=actor.now)
    ids = {grant.person_id for grant in held if grant.role is Role.ORGANISER}
    for person_id, reader in sorted(participants.applicants(ids).items()):
        if reader.employed:
            outbox.post(
                KIND,
                reader.recipient,
                key=f"{KIND}:{max(ended)}:{int(actor.now.timestamp())}:{person_id}",
                facts={"campaign": campaign.id, "ended": len(ended), "seated": seated},
                campaign_id=campaign.id,
                now=actor.now,
            )
