"""Which awards a reviewer handles: HR all of them, organisers their own."""

from __future__ import annotations

from eventreg.accounts.rules import Role
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.rules import Intake
from eventreg.core.errors import NotFound
from eventreg.web.app import current
from eventreg.web.organiser import organiser_scope

REVIEWERS = (Role.HR_REVIEWER, Role.ORGANISER, Role.ADMINISTRATOR)


def awards_of_hers() -> list[int] | None:
    """The ids of the campaigns whose nominations the visitor handles; None stands for all."""
    return None if Role.HR_REVIEWER in current.roles() else organiser_scope.campaign_ids()


def find_award(slug: str) -> CampaignFacts:
    """An award that the visitor handles, by its address. Raises NotFound for another one and for a draft."""
    found, mine = campaigns.get_managed(slug), awards_of_hers()
    hers = mine is None or found.id in mine
    if not hers or not found.published or found.accepts is not Intake.NOMINATIONS:
        raise NotFound("campaign")
    return found
