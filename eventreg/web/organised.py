"""Which campaigns the visitor may manage."""

from __future__ import annotations

from eventreg.accounts.rules import Role
from eventreg.campaigns import grants
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.errors import NotFound

from . import visiting


def campaign_ids() -> list[int] | None:
    """The ids of the campaigns one organises; None stands for all, an administrator's."""
    if Role.ADMINISTRATOR in visiting.roles():
        return None
    return grants.campaigns_of(visiting.person_id(), Role.ORGANISER, now=visiting.now())


def get_campaign(slug: str) -> CampaignFacts:
    """The campaign, if the visitor may manage it; another's and none at all answer alike."""
    campaign, mine = campaigns.get_campaign(slug), campaign_ids()
    if mine is not None and campaign.id not in mine:
        raise NotFound("campaign")
    return campaign


def list_campaigns() -> list[CampaignFacts]:
    """The campaigns that the visitor may manage, by their first activity."""
    mine = campaign_ids()
    return [c for c in campaigns.list_campaigns() if mine is None or c.id in mine]
