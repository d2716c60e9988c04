"""Who may open a campaign's pages.

| reader | campaigns |
|---|---|
| everybody | published ones (`service.get_campaign`) |
| organiser | those they hold the role for now, drafts too |
| administrator | all, drafts too |

A campaign that a reader may not open and one that does not exist answer alike: NotFound.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime

from eventreg.accounts.rules import Role
from eventreg.core.errors import NotFound

from . import campaign_grants, service
from .facts import CampaignFacts

# The roles that open the organisers' pages; which campaigns they open there is decided by `managed_ids`.
ORGANISERS = frozenset({Role.ORGANISER, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Reader:
    """A signed-in person who wants to open something: the roles they hold, and the instant at which that counts."""

    person_id: int
    roles: Set[Role]
    now: datetime


def managed_ids(reader: Reader) -> list[int] | None:
    """The ids of the campaigns that a reader organises; None stands for all, which an administrator manages."""
    if Role.ADMINISTRATOR in reader.roles:
        return None
    return campaign_grants.campaigns_of(reader.person_id, Role.ORGANISER, now=reader.now)


def get_for_organiser(slug: str, reader: Reader) -> CampaignFacts:
    """A campaign that the reader manages, a draft too. Raises NotFound for all others, existing or not."""
    campaign, managed = service.get_managed(slug), managed_ids(reader)
    if managed is not None and campaign.id not in managed:
        raise NotFound("campaign")
    return campaign
