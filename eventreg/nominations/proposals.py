"""Nominations that employees propose, for themselves or a colleague; visible to them alone until they are passed on.

A proposal takes no place of the quota. Once it is passed on, it is a draft of the department like any other: the
contact edits and submits it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, not_, select

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.rules import Intake
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.people import service as people
from eventreg.people.rules import Gender

from . import drafts, quotas, reading, terms
from .drafts import SaveResult
from .models import PASSED_ON, Nomination
from .quotas import QuotaLine
from .reading import NominationFacts
from .rules import NominationContent, NominationState, Nominee, ProposerScope, check_nominee, check_open
from .signing import letters

MOST = 5  # proposals of one employee in one award that are not passed on


@dataclass(frozen=True, slots=True)
class ProposalOffer:
    """The quota of a person's department in an award, and whether they may propose colleagues too."""

    line: QuotaLine
    who: ProposerScope


def find_offer(campaign: CampaignFacts, person_id: int) -> ProposalOffer | None:
    """What an employee may propose in an award: None if only contacts nominate, or their department has no places."""
    if campaign.accepts is not Intake.NOMINATIONS:
        return None
    who = terms.terms_of(campaign).who
    if who is ProposerScope.CONTACTS:
        return None
    own_units = people.units_above(people.person_facts(person_id).unit_id)
    line = next(
        (line for line in quotas.table(campaign.id) if line.places and line.unit_id in own_units), None
    )
    return ProposalOffer(line, who) if line else None


@dataclass(frozen=True, slots=True)
class PassedOnProposal:
    """What a proposer sees of a proposal that they passed on: the award, the nominee, and when."""

    campaign_id: int
    name: str
    at: datetime


def list_mine(campaign_id: int, person_id: int) -> list[NominationFacts]:
    """The person's proposals in an award that are not passed on."""
    return reading.list_where(Nomination.campaign_id == campaign_id, *_kept_by(person_id))


def list_passed_on(campaign_id: int, person_id: int) -> list[PassedOnProposal]:
    """The proposals that a person has passed on in an award, whatever their state, the oldest first."""
    return _passed_on(Nomination.campaign_id == campaign_id, Nomination.made_by == person_id)


def find_passed_on(nomination_id: int, *, by: int) -> PassedOnProposal | None:
    """A proposal that this person has passed on; None for any other."""
    found = _passed_on(Nomination.id == nomination_id, Nomination.made_by == by)
    return found[0] if found else None


def get(nomination_id: int, *, by: int) -> NominationFacts:
    """A proposal of this person.

    Raises Refused("proposal.passed_on") for one that was passed on, NotFound for another person's, a withdrawn and an
    unknown one.
    """
    found = reading.list_where(Nomination.id == nomination_id, *_kept_by(by))
    if found:
        return found[0]
    if passed := find_passed_on(nomination_id, by=by):
        raise Refused("proposal.passed_on", name=passed.name, at=passed.at)
    raise NotFound("nomination")


def begin(campaign_id: int, nominee_id: int, *, actor: Actor) -> int:
    """Begin a proposal; asked again it is the same one. Returns its id.

    Raises NotFound if the person may not propose in this award, Refused("proposal.oneself_only"), ("proposal.too_many"),
    and what `check_open` and `check_nominee` raise.
    """
    row, window = campaigns.lock_window(campaign_id)
    campaign = campaigns.campaign_by_id(row.id)
    offer = find_offer(campaign, actor.person_id)
    if offer is None:
        raise NotFound("quota")
    check_open(window, offer.line.extended_until, now=actor.now)
    mine = list_mine(campaign_id, actor.person_id)
    known = next((found.id for found in mine if found.nominee.id == nominee_id), None)
    if known is not None:
        return known
    if offer.who is not ProposerScope.COLLEAGUES and nominee_id != actor.person_id:
        raise Refused("proposal.oneself_only")
    if len(mine) >= MOST:
        raise Refused("proposal.too_many", most=MOST)
    person, unit_id = people.person_facts(nominee_id), offer.line.unit_id
    nominee = Nominee(person.gender is Gender.FEMALE, person.employed, person.unit_id)
    check_nominee(nominee, terms.terms_of(campaign), unit_ids=people.units_under(unit_id))
    return drafts.add(campaign_id, unit_id, nominee_id, actor=actor, proposed=True)


def save(nomination_id: int, content: NominationContent, *, seen: int, tab: str, actor: Actor) -> SaveResult:
    """Save a version as `drafts.save` does. Raises NotFound for another person's proposal and for one passed on."""
    return drafts.save_into(
        _lock(nomination_id, by=actor.person_id), content, seen=seen, tab=tab, actor=actor
    )


def pass_on(nomination_id: int, *, actor: Actor) -> None:
    """Pass a proposal on to the department's contacts, who are informed. It becomes the last in their order of preference,
    and the proposer can open it no longer.

    Raises NotFound, Refused("proposal.exists") when the nominee is nominated already, and what `check_open` raises.
    """
    row = _lock(nomination_id, by=actor.person_id)
    line = quotas.lock_line(row.campaign_id, row.unit_id)
    window = campaigns.campaign_by_id(row.campaign_id).window
    check_open(window, line.extended_until if line else None, now=actor.now)
    if drafts.find_live(row.campaign_id, row.person_id) is not None:
        raise Refused("proposal.exists")
    of_department = (Nomination.campaign_id == row.campaign_id, Nomination.unit_id == row.unit_id, PASSED_ON)
    last = db.session.scalar(select(func.max(Nomination.preference)).where(*of_department)) or 0
    row.passed_on_at, row.preference = actor.now, last + 1
    drafts.note(row, "passed_on", actor=actor)
    letters.tell_passed_on(row, now=actor.now)


def withdraw(nomination_id: int, *, actor: Actor) -> None:
    """Withdraw a proposal. Raises NotFound."""
    row = _lock(nomination_id, by=actor.person_id)
    row.state = str(NominationState.WITHDRAWN)
    drafts.note(row, "withdrawn", actor=actor)


def _passed_on(*where: ColumnElement[bool]) -> list[PassedOnProposal]:
    at = Nomination.passed_on_at
    query = select(Nomination.campaign_id, Nomination.person_id, at).where(at.is_not(None), *where)
    rows = db.session.execute(query.order_by(at, Nomination.id)).all()
    nominees = people.people_by_id({row.person_id for row in rows})
    return [PassedOnProposal(row.campaign_id, nominees[row.person_id].name, row.passed_on_at) for row in rows]


def _lock(nomination_id: int, *, by: int) -> Nomination:
    return drafts.lock_one(nomination_id, *_kept_by(by))


def _kept_by(person_id: int) -> tuple[ColumnElement[bool], ...]:
    """The condition for proposals of a person that are not passed on."""
    return Nomination.made_by == person_id, not_(PASSED_ON), Nomination.state == str(NominationState.DRAFT)
