"""A nomination that an employee proposes, of themselves or of a colleague: nobody else sees it until they pass it on.

It takes no place. Passed on, it is a draft of their department like any other: the contact corrects it and submits
it within the department's quota. Who may propose and who sees it: `access.find_offer`, `access.for_proposer`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from eventreg.campaigns import service as campaigns
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.people import service as people
from eventreg.people.rules import Gender

from . import access, drafts, quotas, reading, terms
from .drafts import SaveResult
from .models import PASSED_ON, Nomination
from .reading import NominationFacts
from .rules import NominationContent, NominationState, Nominee, ProposerScope, check_nominee, check_open
from .signing import letters, who_may_sign

MOST = 5  # proposals of one employee in one award that are not passed on


@dataclass(frozen=True, slots=True)
class PassedOnProposal:
    """What a proposer sees of a proposal that they passed on: the award, the nominee, and when."""

    campaign_id: int
    name: str
    at: datetime


def list_mine(campaign_id: int, person_id: int) -> list[NominationFacts]:
    """What a person has begun in an award and not passed on yet."""
    return reading.list_where(Nomination.campaign_id == campaign_id, access.for_proposer(person_id))


def list_passed_on(campaign_id: int, person_id: int) -> list[PassedOnProposal]:
    """What a person has passed on in an award, whatever became of it, the first one first."""
    return _passed_on(Nomination.campaign_id == campaign_id, access.passed_on_by(person_id))


def find_passed_on(nomination_id: int, *, by: int) -> PassedOnProposal | None:
    """One that a person has passed on; None for another's, and for one that is not passed on yet."""
    found = _passed_on(Nomination.id == nomination_id, access.passed_on_by(by))
    return found[0] if found else None


def get(nomination_id: int, *, by: int) -> NominationFacts:
    """A proposal that its proposer has not passed on.

    Raises Refused("proposal.passed_on") for one that is their department's now, NotFound for another's, one
    that was withdrawn, and for none.
    """
    found = reading.list_where(Nomination.id == nomination_id, access.for_proposer(by))
    if found:
        return found[0]
    if passed := find_passed_on(nomination_id, by=by):
        raise Refused("proposal.passed_on", name=passed.name, at=passed.at)
    raise NotFound("nomination")


def begin(campaign_id: int, nominee_id: int, *, actor: Actor) -> int:
    """Begin a proposal; asked again it is the same one. Its id.

    Raises NotFound where the award offers them nothing, Refused("proposal.oneself_only"), ("proposal.too_many"),
    ("proposal.no_contact") when nobody would receive it, and what `check_open` and `check_nominee` do.
    """
    row, window = campaigns.lock_window(campaign_id)
    campaign = campaigns.campaign_by_id(row.id)
    offer = access.get_offer(campaign, actor.person_id)
    check_open(window, offer.line.extended_until, now=actor.now)
    _check_received(offer.line.unit_id, now=actor.now)
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
    """Save a version of one's own proposal as `drafts.save` does; raises NotFound for another's and one passed on."""
    return drafts.save_into(
        _lock(nomination_id, by=actor.person_id), content, seen=seen, tab=tab, actor=actor
    )


def pass_on(nomination_id: int, *, actor: Actor) -> None:
    """Give it to the contacts of the proposer's department, who are told; it is the last in their order of preference.
    The proposer sees it no longer.

    Raises NotFound, Refused("proposal.exists") when the nominee is nominated already, ("proposal.no_contact") when the
    department has nobody who receives it, and what `check_open` raises.
    """
    row = _lock(nomination_id, by=actor.person_id)
    line = quotas.lock_line(row.campaign_id, row.unit_id)
    window = campaigns.campaign_by_id(row.campaign_id).window
    check_open(window, line.extended_until if line else None, now=actor.now)
    if drafts.find_live(row.campaign_id, row.person_id) is not None:
        raise Refused("proposal.exists")
    _check_received(row.unit_id, now=actor.now)
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
    query = select(Nomination.campaign_id, Nomination.person_id, at).where(*where)
    rows = db.session.execute(query.order_by(at, Nomination.id)).all()
    nominees = people.people_by_id({row.person_id for row in rows})
    return [PassedOnProposal(row.campaign_id, nominees[row.person_id].name, row.passed_on_at) for row in rows]


def _check_received(unit_id: int, *, now: datetime) -> None:
    """Check that a proposal reaches somebody."""
    if not who_may_sign.contacts_of(unit_id, now=now):
        raise Refused("proposal.no_contact", unit=people.unit_path(unit_id))


def _lock(nomination_id: int, *, by: int) -> Nomination:
    return drafts.lock_one(nomination_id, access.for_proposer(by))
