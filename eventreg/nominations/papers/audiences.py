"""The audience of people who submitted a nomination whose paper form has not been received."""

from __future__ import annotations

from sqlalchemy import exists, func, select

from eventreg.campaigns.audiences import Audience, MessageDeadline, People
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.rules import Intake
from eventreg.people.models import Person

from ..models import Nomination
from ..rules import NominationState
from .models import PaperReceipt

UNRECEIVED = "unreceived"
AWAITED = [
    str(state) for state in (NominationState.SUBMITTED, NominationState.RETURNED, NominationState.CANDIDATE)
]


def _unreceived(campaign: CampaignFacts) -> People:
    """People who submitted such a nomination, since the first one."""
    paper = (PaperReceipt.nomination_id == Nomination.id, PaperReceipt.version == Nomination.handed_in)
    received = exists().where(*paper, PaperReceipt.undone_at.is_(None))
    waits = (Nomination.campaign_id == campaign.id, Nomination.state.in_(AWAITED), ~received)
    by, since = Nomination.submitted_by.label("person_id"), func.min(Nomination.submitted_at).label("since")
    employed = select(by, since).join(Person, Person.id == Nomination.submitted_by)
    return employed.where(Person.left_at.is_(None), *waits).group_by(Nomination.submitted_by)


def _takes_nominations(campaign: CampaignFacts) -> bool:
    return campaign.accepts is Intake.NOMINATIONS


AUDIENCES = (
    Audience(UNRECEIVED, _unreceived, _takes_nominations, MessageDeadline.AFTER, f"reminder_{UNRECEIVED}"),
)
