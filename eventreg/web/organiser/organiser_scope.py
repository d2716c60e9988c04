"""The campaigns that the visitor manages: their own, or all for an administrator."""

from __future__ import annotations

from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants as grants
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.errors import NotFound
from eventreg.web.app import current


def get_campaign(slug: str) -> CampaignFacts:
    """A campaign, also a draft, that the visitor manages. Raises NotFound for all others, existing or not."""
    campaign, mine = campaigns.get_managed(slug), campaign_ids()
    if mine is not None and campaign.id not in mine:
        raise NotFound("campaign")
    return campaign


def campaign_ids() -> list[int] | None:
    """The ids of the campaigns that the visitor organises; None for an administrator, who manages all."""
    if Role.ADMINISTRATOR in current.roles():
        return None
    return grants.campaigns_of(current.person_id(), Role.ORGANISER, now=current.now())
