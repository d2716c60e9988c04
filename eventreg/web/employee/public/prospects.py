"""What the visitor of a page would get if they signed up now."""

from __future__ import annotations

from collections.abc import Iterable

from eventreg.campaigns import eligibility
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.rules import PlaceApplicant, PoolScope, pools_at
from eventreg.registrations import participants
from eventreg.registrations.rules import ANYBODY, Prospect, prospect_of
from eventreg.web.app import current


def prospects_of(campaigns: Iterable[CampaignFacts]) -> dict[int, Prospect]:
    """What the visitor would get in each campaign, by its id; of nobody in particular if nobody is signed in.

    At most two statements, and none if no campaign has places for a unit or is restricted.
    """
    found, now = list(campaigns), current.now()
    candidate, who = _candidate(found), current.visitor()
    restrictions = eligibility.restrictions_of(who.person_id, found) if who.person_id is not None else {}
    return {
        c.id: prospect_of(
            candidate, pools_at(c.pools, now=now), waiting=c.waiting, restriction=restrictions.get(c.id)
        )
        for c in found
    }


def _candidate(campaigns: list[CampaignFacts]) -> PlaceApplicant:
    who = current.visitor()
    if who.person_id is None:
        return ANYBODY
    if any(
        pool.scope in {PoolScope.UNIT, PoolScope.REST} for campaign in campaigns for pool in campaign.pools
    ):
        return participants.get_applicant(who.person_id).candidate
    return PlaceApplicant(who.person_id, who.gender, frozenset())
