"""A reminder by button to an audience of a campaign: at most one letter a day for each person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.audiences import Audience
from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.actor import Actor
from eventreg.core.errors import NotFound, Refused
from eventreg.core.trail import audit
from eventreg.outbox import service as outbox
from eventreg.outbox.service import AddressedLetter, LetterTopic, Recipient

from . import reach
from .audiences import find_audience

KIND = "award_reminder"
OF_AN_AWARD = ("drafting", "signing", "consenting", "unreceived")  # by what is done first


@dataclass(frozen=True, slots=True)
class AudienceDue:
    """An audience with somebody in it: how many people, how many without a mailbox, how many not reminded today."""

    code: str
    people: int
    without_mailbox: int
    due: int


def list_due(campaign: CampaignFacts, *, now: datetime) -> list[AudienceDue]:
    """The audiences of an award that have not done what they are asked, those with nobody left out."""
    found = []
    for audience in _wanted(campaign, now=now):
        number = reach.count(audience, campaign)
        if number.people:
            due = sum(1 for to in _left(audience, campaign, now=now) if to.address)
            found.append(AudienceDue(audience.code, number.people, number.without_mailbox, due))
    return found


def remind(campaign_id: int, code: str, *, actor: Actor) -> int:
    """Post a letter to everybody of an audience who was not reminded today; returns how many. Pressed twice, it is one.

    Raises NotFound for an audience that the campaign does not have now, Refused("gaps.reminded_today") when nobody is left
    to write to.
    """
    campaigns.lock_window(campaign_id)
    campaign = campaigns.campaign_by_id(campaign_id)
    audience = next((one for one in _wanted(campaign, now=actor.now) if one.code == code), None)
    if audience is None:
        raise NotFound("audience")
    due = [to for to in _left(audience, campaign, now=actor.now) if to.address]
    if not due:
        raise Refused("gaps.reminded_today")
    facts = {"campaign": campaign_id, "audience": code}
    about = LetterTopic(KIND, campaign_id, None)
    sent = outbox.post_many(about, letters(due, _prefix(campaign, code, actor.now), facts), now=actor.now)
    audit.record("award.reminded", f"campaign:{campaign_id}", actor=actor, audience=code, count=sent)
    return sent


def is_wanted(campaign: CampaignFacts, code: str, person_id: int, *, now: datetime) -> bool:
    """Whether a person still has to do what the letter asks."""
    audience = next((one for one in _wanted(campaign, now=now) if one.code == code), None)
    return audience is not None and reach.belongs(audience, campaign, person_id)


def letters(to: Iterable[Recipient], prefix: str, facts: dict[str, Any]) -> Iterator[AddressedLetter]:
    """A letter for each person; its key is the prefix and the person's id."""
    return (AddressedLetter(one, f"{prefix}{one.person_id}", facts) for one in to)


def a_day(kind: str, campaign: CampaignFacts, now: datetime) -> str:
    """The beginning of the key of a letter that goes out at most once a day, by the campaign's zone."""
    return f"{kind}:{campaign.id}:{now.astimezone(campaign.zone):%Y%m%d}:"


def _wanted(campaign: CampaignFacts, *, now: datetime) -> list[Audience]:
    """The audiences of an award, drafts only while they can be submitted."""
    if campaign.called_off:
        return []
    codes = OF_AN_AWARD if now < campaign.closes_at else OF_AN_AWARD[1:]
    known = (find_audience(code) for code in codes)
    return [audience for audience in known if audience is not None and audience.suits(campaign)]


def _left(audience: Audience, campaign: CampaignFacts, *, now: datetime) -> list[Recipient]:
    key = _prefix(campaign, audience.code, now)
    return reach.next_people(
        audience, campaign, unit_id=None, slot=now, key=key, after=0, most=reach.EVERYBODY
    )


def _prefix(campaign: CampaignFacts, code: str, now: datetime) -> str:
    return f"{a_day(KIND, campaign, now)}{code}:"
