"""Change who may sign up for a campaign, and the group of which a person signs up for one only."""

from __future__ import annotations

from sqlalchemy import select

from eventreg.campaigns.inputs import EligibilityInput
from eventreg.campaigns.models import CampaignPerson
from eventreg.campaigns.plan import planning, restricting
from eventreg.campaigns.service import lock_window
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.people.models import Person

from . import group_claims


def change(
    campaign_id: int, wanted: EligibilityInput, one_of: str | None, *, seen: int, actor: Actor
) -> bool:
    """Set who may sign up and the group; False if both are so already.

    Raises Refused("plan.changed_meanwhile"), ("plan.started") or ("plan.one_of_conflict", people).
    """
    campaign, window = lock_window(campaign_id)
    if campaign.one_of == one_of and restricting.stored(campaign.id, campaign.for_gender) == wanted:
        return False
    planning.check_planned(campaign, window, seen=seen, now=actor.now)
    restricted = restricting.restrict(campaign, wanted, actor=actor)
    return group_claims.regroup(campaign, one_of, actor=actor) or restricted


def list_numbers(campaign_id: int) -> list[str]:
    """The staff numbers of the campaign's list."""
    rows = (
        select(Person.staff_no)
        .join(CampaignPerson, CampaignPerson.person_id == Person.id)
        .where(CampaignPerson.campaign_id == campaign_id)
        .order_by(Person.staff_no)
    )
    return list(db.session.scalars(rows))
