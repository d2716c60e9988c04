"""The campaigns that the visitor manages, by `campaigns/access.py`: their own, or all for an administrator."""

from __future__ import annotations

from eventreg.campaigns import access
from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.errors import NotFound
from eventreg.web.app import current


def get_campaign(slug: str) -> CampaignFacts:
    """A campaign, also a draft, that the visitor manages. Raises NotFound for all others, existing or not."""
    return access.get_for_organiser(slug, current.reader())


def get_published(slug: str) -> CampaignFacts:
    """The same for what only a published campaign has, such as the pages of the day. Raises NotFound for a draft too."""
    campaign = get_campaign(slug)
    if not campaign.published:
        raise NotFound("campaign")
    return campaign


def campaign_ids() -> list[int] | None:
    """The ids of the campaigns that the visitor organises; None for an administrator, who manages all."""
    return access.managed_ids(current.reader())
