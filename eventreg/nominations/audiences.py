"""The audience that an award makes: who has begun a nomination and not handed it in."""

from __future__ import annotations

from sqlalchemy import func, select

from eventreg.campaigns.audiences import Audience, People, Until, offer
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.rules import Accepts
from eventreg.people.models import Person

from .models import Nomination
from .rules import State

DRAFTING = "drafting"


def _drafting(campaign: CampaignFacts) -> People:
    """Whoever began a draft for her department that is still one, since the first of them."""
    open_drafts = (
        Nomination.campaign_id == campaign.id,
        Nomination.state == str(State.DRAFT),
        ~Nomination.proposed,
    )
    query = select(Nomination.made_by.label("person_id"), func.min(Nomination.made_at).label("since"))
    employed = query.join(Person, Person.id == Nomination.made_by).where(Person.left_at.is_(None))
    return employed.where(*open_drafts).group_by(Nomination.made_by)


def _takes_nominations(campaign: CampaignFacts) -> bool:
    return campaign.accepts is Accepts.NOMINATIONS


offer(Audience(DRAFTING, _drafting, _takes_nominations, Until.DEADLINE))
