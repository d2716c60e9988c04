"""Change who may sign up for a campaign."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, insert, select

from eventreg.campaigns.inputs import EligibilityInput
from eventreg.campaigns.models import Campaign, CampaignPerson, CampaignUnit
from eventreg.core.actor import Actor
from eventreg.core.db.session import db

from .planning import note


def stored(campaign_id: int, gender: str | None) -> EligibilityInput:
    """Who may sign up now; `gender` stands in the campaign's row."""
    units = select(CampaignUnit.unit_id).where(CampaignUnit.campaign_id == campaign_id)
    listed = select(CampaignPerson.person_id).where(CampaignPerson.campaign_id == campaign_id)
    return EligibilityInput(
        gender, frozenset(db.session.scalars(units)), frozenset(db.session.scalars(listed))
    )


def _facts(one: EligibilityInput) -> dict[str, object]:
    return {"gender": one.gender, "units": sorted(one.unit_ids), "listed": len(one.person_ids)}


def restrict(campaign: Campaign, wanted: EligibilityInput, *, actor: Actor) -> bool:
    """Set who may sign up; False if that is so already. Runs in the open unit of work with the campaign locked.

    Nobody who has signed up loses their place: the restriction is asked of newcomers.
    """
    before = stored(campaign.id, campaign.for_gender)
    if wanted == before:
        return False
    campaign.for_gender = wanted.gender
    _replace(CampaignUnit, campaign.id, "unit_id", wanted.unit_ids)
    _replace(CampaignPerson, campaign.id, "person_id", wanted.person_ids)
    note(
        campaign,
        "eligibility_changed",
        actor=actor,
        **_facts(wanted),
        was=_facts(before),
        became=_facts(wanted),
    )
    return True


def _replace(
    table: type[CampaignUnit] | type[CampaignPerson], campaign_id: int, column: str, ids: Collection[int]
) -> None:
    db.session.execute(delete(table).where(table.campaign_id == campaign_id))
    if ids:
        db.session.execute(insert(table), [{"campaign_id": campaign_id, column: id_} for id_ in sorted(ids)])
