"""Every audience that a reminder can have: each room lists its own, and this module joins the lists."""

from __future__ import annotations

from eventreg.campaigns.audiences import Audience
from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.errors import NotFound
from eventreg.nominations import audiences as nominations
from eventreg.nominations.papers import audiences as papers
from eventreg.registrations import audiences as registrations

AUDIENCES: tuple[Audience, ...] = (
    *registrations.AUDIENCES,
    *nominations.AUDIENCES,
    *papers.AUDIENCES,
)


def find_audience(code: str) -> Audience | None:
    """Return the audience with this code, or None when there is none (any more)."""
    return next((audience for audience in AUDIENCES if audience.code == code), None)


def get_audience(code: str) -> Audience:
    """Return the audience with this code. Raises NotFound."""
    if (found := find_audience(code)) is None:
        raise NotFound("audience")
    return found


def list_audiences(campaign: CampaignFacts) -> list[Audience]:
    """Return the audiences that a campaign can have, in the order of `AUDIENCES`."""
    return [audience for audience in AUDIENCES if audience.suits(campaign)]
