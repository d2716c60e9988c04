"""The audiences of awards: people who have not submitted, not signed, or not answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import ColumnElement, and_, case, exists, func, null, select, union_all
from sqlalchemy.orm import aliased

from eventreg.accounts.models import RoleGrant
from eventreg.accounts.rules import Role
from eventreg.campaigns.audiences import Audience, MessageDeadline, People
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.rules import Intake
from eventreg.people.models import Person, Unit

from .models import Nomination, Quota
from .papers.models import Submission
from .rules import NominationState
from .signing.models import NominationConsent, NominationSignature
from .signing.rules import SUBMITTED_STATES, purposes_of

DRAFTING, SIGNING, CONSENTING = "drafting", "signing", "consenting"
HEAD, CONTACT = str(Role.DEPARTMENT_HEAD), str(Role.UNIT_CONTACT)


def _drafting(campaign: CampaignFacts) -> People:
    """People who began a draft for their department that is not submitted, and contacts to whom a proposal was passed on;
    since the first of these drafts."""
    draft = (Nomination.campaign_id == campaign.id, Nomination.state == str(NominationState.DRAFT))
    begun = select(Nomination.made_by.label("person_id"), Nomination.made_at.label("since"))
    passed_on = select(RoleGrant.person_id, Nomination.passed_on_at.label("since"))
    passed_on = passed_on.join(RoleGrant, RoleGrant.unit_id == Nomination.unit_id)
    lasts = RoleGrant.until.is_(None) | (RoleGrant.until > Nomination.passed_on_at)
    theirs = (RoleGrant.role == CONTACT, lasts, Nomination.passed_on_at.is_not(None))
    either = union_all(begun.where(*draft, ~Nomination.proposed), passed_on.where(*draft, *theirs)).subquery()
    query = select(either.c.person_id, func.min(either.c.since).label("since"))
    employed = query.join(Person, Person.id == either.c.person_id).where(Person.left_at.is_(None))
    return employed.group_by(either.c.person_id)


def _signing(campaign: CampaignFacts) -> People:
    """Department heads with submitted nominations that are not signed, since the first of them was submitted. If nobody in
    the department may sign (the head has left or is the nominee), the heads of the unit above."""
    signed = exists().where(
        NominationSignature.nomination_id == Nomination.id, NominationSignature.voided_at.is_(None)
    )
    here, nearer = aliased(RoleGrant), aliased(RoleGrant)
    at_work = exists().where(Person.id == nearer.person_id, Person.left_at.is_(None))
    signs = (nearer.role == HEAD, _lasting(nearer), nearer.person_id != Nomination.person_id)
    headless = ~exists().where(nearer.unit_id == Unit.id, *signs, at_work.correlate(nearer))
    leads = (here.unit_id == Unit.id) | ((here.unit_id == Unit.parent_id) & headless)
    due = (Nomination.campaign_id == campaign.id, Nomination.state == str(NominationState.SUBMITTED), ~signed)
    query = select(here.person_id.label("person_id"), func.min(Nomination.submitted_at).label("since"))
    query = query.select_from(Nomination).join(Unit, Unit.id == Nomination.unit_id).join(here, leads)
    employed = query.join(Person, Person.id == here.person_id).where(Person.left_at.is_(None))
    heads = (here.role == HEAD, _lasting(here), here.person_id != Nomination.person_id)
    return employed.where(*due, *heads).group_by(here.person_id)


def _consenting(campaign: CampaignFacts) -> People:
    """Nominees who have not answered every consent that they are asked for what is submitted."""
    mine = (NominationConsent.nomination_id == Nomination.id, NominationConsent.overtaken_at.is_(None))
    answered = select(func.count(NominationConsent.purpose.distinct())).where(*mine).scalar_subquery()
    version = (Submission.nomination_id == Nomination.id, Submission.version == Nomination.handed_in)
    sensitive = exists().where(*version, Submission.sensitive)
    asked = case((sensitive, len(purposes_of(sensitive=True))), else_=len(purposes_of(sensitive=False)))
    states = Nomination.state.in_([str(state) for state in SUBMITTED_STATES - {NominationState.INELIGIBLE}])
    due = (Nomination.campaign_id == campaign.id, states, answered < asked)
    query = select(Nomination.person_id.label("person_id"), Nomination.submitted_at.label("since"))
    return query.join(Person, Person.id == Nomination.person_id).where(Person.left_at.is_(None), *due)


def _lasting(held: type[RoleGrant]) -> ColumnElement[bool]:
    """A grant that was not over when the nomination was submitted."""
    return held.until.is_(None) | (held.until > Nomination.submitted_at)


def _takes_nominations(campaign: CampaignFacts) -> bool:
    return campaign.accepts is Intake.NOMINATIONS


def _contacts(campaign: CampaignFacts) -> People:
    """The contacts of the departments that have places."""
    theirs = (Quota.campaign_id == campaign.id, Quota.places > 0, RoleGrant.unit_id == Quota.unit_id)
    query = select(RoleGrant.person_id.label("person_id"), null().label("since")).join(Quota, and_(*theirs))
    return query.where(RoleGrant.role == CONTACT, RoleGrant.until.is_(None)).distinct()


def _nominated(*states: NominationState) -> Callable[[CampaignFacts], People]:
    def people(campaign: CampaignFacts) -> People:
        mine = (Nomination.campaign_id == campaign.id, Nomination.state.in_([str(one) for one in states]))
        return select(Nomination.person_id.label("person_id"), Nomination.submitted_at.label("since")).where(
            *mine
        )

    return people


# The people of an award to whom its organisers can write a message, by the code of `message_rules.AudienceKind`.
WRITTEN_TO: Mapping[str, Callable[[CampaignFacts], People]] = {
    "contacts": _contacts,
    "nominees": _nominated(*SUBMITTED_STATES),
    "candidates": _nominated(NominationState.CANDIDATE),
}

AUDIENCES = (
    Audience(DRAFTING, _drafting, _takes_nominations, MessageDeadline.DEADLINE, f"reminder_{DRAFTING}"),
    Audience(SIGNING, _signing, _takes_nominations, MessageDeadline.DEADLINE, f"reminder_{SIGNING}"),
    Audience(CONSENTING, _consenting, _takes_nominations, MessageDeadline.DEADLINE, f"reminder_{CONSENTING}"),
)
