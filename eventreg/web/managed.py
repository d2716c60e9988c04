"""Which campaigns the visitor manages: her own, or all for an administrator."""

from __future__ import annotations

from eventreg.accounts.rules import Role
from eventreg.campaigns import grants
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.errors import NotFound

from . import visiting


def find(slug: str) -> CampaignFacts:
    """A campaign, a draft too, if the visitor may manage it; another's and none at all answer alike."""
    campaign, mine = campaigns.get_managed(slug), organised()
    if mine is not None and campaign.id not in mine:
        raise NotFound("campaign")
    return campaign


def organised() -> list[int] | None:
    """The ids of the campaigns one organises; None stands for all, an administrator's."""
    if Role.ADMINISTRATOR in visiting.roles():
        return None
    return grants.campaigns_of(visiting.person_id(), Role.ORGANISER, now=visiting.now())
