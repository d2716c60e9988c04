"""Who may open which award and which nomination: the only place where it is decided.

| reader | awards | nominations |
|---|---|---|
| contact of a department | published, the department has places | of the department, without proposals that are not passed on |
| proposer | published, takes proposals, their department has places | their own drafts that are not passed on |
| nominee | – | about them, once submitted |
| head, or delegate of a head | – | of their units and all units below, once submitted |
| HR reviewer, administrator | published | once submitted |
| at the paper desk: HR | published | all |
| at the paper desk: organiser, administrator | published, managed by them | of these awards |
| organiser, administrator | managed by them, drafts too | of these awards, once submitted; they read, HR decides |

The `for_*` functions answer with a condition that services put into their queries (`reading.get`, `drafts.lock_one`).
The `get_award_*` functions raise NotFound. What a reader may not open and what does not exist answer alike. Guards
(`web/__init__.py`) take the roles that open a group of pages from the sets below. Whether a nomination may be
changed in its present state is not decided here but in `rules.py`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, not_, true

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.campaigns import access as campaign_access
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.access import Reader
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.rules import Intake
from eventreg.core.errors import NotFound
from eventreg.people import service as people

from . import quotas, terms
from .models import PASSED_ON, Nomination
from .quotas import QuotaLine
from .rules import NominationState, ProposerScope

# The roles that open a group of pages. Heads and their delegates open theirs by `who_may_sign.is_signer`.
CONTACTS = frozenset({Role.UNIT_CONTACT})
HR = frozenset({Role.HR_REVIEWER, Role.ADMINISTRATOR})
PAPER_DESK = HR | campaign_access.ORGANISERS

SUBMITTED = Nomination.handed_in.is_not(None)  # not true of a draft, nor of one that was withdrawn


@dataclass(frozen=True, slots=True)
class ProposalOffer:
    """The quota of somebody's department in an award, and whom they may propose there."""

    line: QuotaLine
    who: ProposerScope


def departments_of(person_id: int, *, now: datetime) -> set[int]:
    """The departments that a person is contact of now; the units below are not among them."""
    return set(grants.units_of(person_id, Role.UNIT_CONTACT, now=now))


def for_contact(person_id: int, *, now: datetime) -> ColumnElement[bool]:
    """A contact opens the nominations of their departments; a proposal only once it was passed on."""
    return and_(Nomination.unit_id.in_(departments_of(person_id, now=now)), PASSED_ON)


def for_proposer(person_id: int) -> ColumnElement[bool]:
    """A proposer opens the drafts that they proposed, until they pass them on or withdraw them."""
    draft = Nomination.state == str(NominationState.DRAFT)
    return and_(Nomination.made_by == person_id, not_(PASSED_ON), draft)


def passed_on_by(person_id: int) -> ColumnElement[bool]:
    """Of a proposal that was passed on, its proposer learns no more than that it was (`proposals.PassedOnProposal`)."""
    return and_(Nomination.made_by == person_id, Nomination.passed_on_at.is_not(None))


def for_nominee(person_id: int) -> ColumnElement[bool]:
    """A nominee opens what was submitted about them."""
    return and_(Nomination.person_id == person_id, SUBMITTED)


def for_signer(unit_ids: Collection[int]) -> ColumnElement[bool]:
    """A head or a delegate opens what was submitted in the units they sign for (`who_may_sign.mandates_of`)."""
    return and_(Nomination.unit_id.in_(unit_ids), SUBMITTED)


def for_hr() -> ColumnElement[bool]:
    """HR reviewers and administrators open whatever was submitted, in every award."""
    return SUBMITTED


def for_organiser(campaign_id: int) -> ColumnElement[bool]:
    """An organiser reads what was submitted to an award that they manage (`get_award_for_organiser`)."""
    return and_(Nomination.campaign_id == campaign_id, SUBMITTED)


def for_paper_desk(campaign_ids: Collection[int] | None) -> ColumnElement[bool]:
    """At the paper desk every nomination of these awards (`paper_desk_ids`) is opened, None for all: the check code
    on the paper says that it was submitted once, and one that was withdrawn since has to be recognised."""
    return true() if campaign_ids is None else Nomination.campaign_id.in_(campaign_ids)


def paper_desk_ids(reader: Reader) -> list[int] | None:
    """The campaigns whose papers a reader receives: HR all of them (None), an organiser those that they manage."""
    return None if Role.HR_REVIEWER in reader.roles else campaign_access.managed_ids(reader)


def is_award(campaign: CampaignFacts) -> bool:
    """An award is a campaign that takes nominations."""
    return campaign.accepts is Intake.NOMINATIONS


def list_awards() -> list[CampaignFacts]:
    """The published awards of the latest season: HR opens each, a contact those where their departments have places."""
    return [one for one in campaigns.list_campaigns() if is_award(one)]


def list_awards_for_paper_desk(reader: Reader) -> list[CampaignFacts]:
    """Those of the latest season that `get_award_for_paper_desk` opens to the reader."""
    theirs = campaigns.list_managed(paper_desk_ids(reader))
    return [one for one in theirs if one.published and is_award(one)]


def get_award_for_hr(slug: str) -> CampaignFacts:
    """HR reviewers and administrators open every published award."""
    return _award(campaigns.get_campaign(slug))


def get_award_for_paper_desk(slug: str, reader: Reader) -> CampaignFacts:
    """At the paper desk the published awards among the reader's campaigns are opened."""
    found, theirs = get_award_for_hr(slug), paper_desk_ids(reader)
    if theirs is not None and found.id not in theirs:
        raise NotFound("campaign")
    return found


def get_award_for_organiser(slug: str, reader: Reader) -> CampaignFacts:
    """An organiser opens the awards that they manage, drafts too."""
    return _award(campaign_access.get_for_organiser(slug, reader))


def get_award_for_contact(
    slug: str, unit_id: int, person_id: int, *, now: datetime
) -> tuple[CampaignFacts, QuotaLine]:
    """A contact opens a published award for one of their departments if that has places; returns its quota too."""
    found = campaigns.get_campaign(slug)
    if unit_id not in departments_of(person_id, now=now):
        raise NotFound("quota")
    line = quotas.find_line(found.id, unit_id)
    if not is_award(found) or line is None or not line.places:
        raise NotFound("quota")
    return found, line


def find_offer(campaign: CampaignFacts, person_id: int) -> ProposalOffer | None:
    """What a published award offers to a proposer: None if only contacts nominate there, or if the units above the
    person have no places."""
    if not is_award(campaign):
        return None
    who = terms.terms_of(campaign).who
    if who is ProposerScope.CONTACTS:
        return None
    theirs = people.units_above(people.person_facts(person_id).unit_id)
    line = next((line for line in quotas.table(campaign.id) if line.places and line.unit_id in theirs), None)
    return ProposalOffer(line, who) if line else None


def get_offer(campaign: CampaignFacts, person_id: int) -> ProposalOffer:
    """The same; raises NotFound where there is nothing to propose."""
    offer = find_offer(campaign, person_id)
    if offer is None:
        raise NotFound("quota")
    return offer


def _award(campaign: CampaignFacts) -> CampaignFacts:
    if not is_award(campaign):
        raise NotFound("campaign")
    return campaign
