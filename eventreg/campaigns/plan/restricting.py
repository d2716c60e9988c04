"""Change who may sign up for a campaign."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import delete, insert, select

from eventreg.campaigns.models import Campaign, CampaignPerson, CampaignUnit
from eventreg.core.actor import Actor
from eventreg.core.db.session import db

from .planning import note


@dataclass(frozen=True, slots=True)
class EligibilityInput:
    """Who may sign up: a gender or None for all, units (none: all), and the people of a list (none: no list)."""

    gender: str | None = None
    unit_ids: frozenset[int] = frozenset()
    person_ids: frozenset[int] = field(default=frozenset())


def stored(campaign: Campaign) -> EligibilityInput:
    """Who may sign up now."""
    units = select(CampaignUnit.unit_id).where(CampaignUnit.campaign_id == campaign.id)
    listed = select(CampaignPerson.person_id).where(CampaignPerson.campaign_id == campaign.id)
    return EligibilityInput(
        campaign.for_gender, frozenset(db.session.scalars(units)), frozenset(db.session.scalars(listed))
    )


def restrict(campaign: Campaign, wanted: EligibilityInput, *, actor: Actor) -> bool:
    """Set who may sign up; False if that is so already. Runs in the open unit of work with the campaign locked.

    Nobody who has signed up loses their place: the restriction is asked of newcomers.
    """
    if wanted == stored(campaign):
        return False
    campaign.for_gender = wanted.gender
    _replace(CampaignUnit, campaign.id, "unit_id", wanted.unit_ids)
    _replace(CampaignPerson, campaign.id, "person_id", wanted.person_ids)
    note(
        campaign,
        "eligibility_changed",
        actor=actor,
        gender=wanted.gender,
        units=sorted(wanted.unit_ids),
        listed=len(wanted.person_ids),
    )
    return True


def _replace(
    table: type[CampaignUnit] | type[CampaignPerson], campaign_id: int, column: str, ids: Collection[int]
) -> None:
    db.session.execute(delete(table).where(table.campaign_id == campaign_id))
    if ids:
        db.session.execute(insert(table), [{"campaign_id": campaign_id, column: id_} for id_ in sorted(ids)])
