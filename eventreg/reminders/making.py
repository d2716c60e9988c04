"""Make the letters of due reminder rules. Each step is a unit of work that may be repeated, also by two processes.

The rule's row is locked, so that two processes work on a rule one after the other; its progress is written in the
same transaction as the letters. A letter's key is unique for rule, slot and person, so the database refuses a second
letter (laws 7 and 10, ADR 0015).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.audiences import Audience
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.models import Campaign
from eventreg.chat import news
from eventreg.chat.rules import NewsKind
from eventreg.core.actor import actor_of
from eventreg.core.db.session import db
from eventreg.core.trail import audit
from eventreg.outbox import service as outbox
from eventreg.outbox.service import AddressedLetter, LetterTopic
from eventreg.reminders.audiences import find_audience

from . import reach
from .models import ReminderRule
from .reminder_facts import timing_of
from .rules import SlotProgress, planned, slot_of, wanted_until

BATCH = 500  # letters of one unit of work


@dataclass(frozen=True, slots=True)
class ReminderBatch:
    """The number of letters that one step made, and whether the rule may have more to do."""

    made: int
    more: bool


NOTHING = ReminderBatch(0, more=False)


def key_of(rule_id: int, slot: datetime) -> str:
    """The beginning of a letter's key; the person's id follows."""
    return f"reminder:{rule_id}:{slot.astimezone(UTC):%Y%m%dT%H%M%S}:"


def list_due(*, now: datetime) -> list[int]:
    """The rules whose letters are to be made, the longest due first."""
    due = (ReminderRule.is_on, ReminderRule.progress == SlotProgress.PLANNED, ReminderRule.slot_at <= now)
    rows = select(ReminderRule.id).join(Campaign).where(*due, Campaign.state == "published")
    return list(db.session.scalars(rows.order_by(ReminderRule.slot_at, ReminderRule.id)))


def make(rule_id: int, *, now: datetime) -> ReminderBatch:
    """Make the next batch of a due rule's letters; nothing if another process has made it."""
    campaign_id = db.session.scalar(select(ReminderRule.campaign_id).where(ReminderRule.id == rule_id))
    if campaign_id is None:
        return NOTHING
    campaigns.lock_window(campaign_id)  # the campaign is locked first, as in changes of its plan
    due = (ReminderRule.is_on, ReminderRule.progress == SlotProgress.PLANNED, ReminderRule.slot_at <= now)
    locked = select(ReminderRule).where(ReminderRule.id == rule_id, *due).with_for_update()
    rule = db.session.scalar(locked.execution_options(populate_existing=True))
    if rule is None or rule.slot_at is None:
        return NOTHING
    campaign = campaigns.campaign_by_id(rule.campaign_id)
    if set_slot(rule, campaign, now=now):
        return NOTHING
    audience = find_audience(rule.audience)
    until = wanted_until(timing_of(rule), rule.slot_at, campaign, until=audience.until) if audience else now
    if audience is None or now >= until:
        rule.progress = str(SlotProgress.PASSED)
        return NOTHING
    return _post(rule, audience, campaign, until=until, now=now)


def list_moved() -> set[int]:
    """The campaigns whose reminder rules do not match their times: a date was changed without `reschedule`."""
    rows = list(db.session.scalars(select(ReminderRule).join(Campaign).where(Campaign.state == "published")))
    known = campaigns.campaigns_by_id({rule.campaign_id for rule in rows}) if rows else {}
    return {
        rule.campaign_id
        for rule in rows
        if slot_of(timing_of(rule), known[rule.campaign_id]).at != rule.slot_at
    }


def retime(campaign_id: int, *, now: datetime, afresh: bool = False) -> int:
    """Compute the slots of a campaign's rules again; returns how many changed. `afresh` decides about every slot anew.

    Letters of an old slot that were not sent are stale, which `delivery/contents/reminder_letters.py` notices.
    """
    db.session.flush()
    campaign = campaigns.campaign_by_id(campaign_id)
    rows = select(ReminderRule).where(ReminderRule.campaign_id == campaign_id).order_by(ReminderRule.id)
    locked = db.session.scalars(rows.with_for_update().execution_options(populate_existing=True))
    return sum(set_slot(rule, campaign, now=now, afresh=afresh) for rule in locked)


def set_slot(rule: ReminderRule, campaign: CampaignFacts, *, now: datetime, afresh: bool = False) -> bool:
    """Store the slot that follows from the campaign's times; False when nothing changes."""
    at = slot_of(timing_of(rule), campaign).at
    moved = at != rule.slot_at
    if not moved and not (afresh and rule.progress == SlotProgress.PLANNED):
        return False
    if moved:
        rule.upto, rule.told = 0, 0
    rule.slot_at = at
    rule.progress = str(planned(at, now=now, published=campaign.published))
    return moved


def _post(
    rule: ReminderRule, audience: Audience, campaign: CampaignFacts, *, until: datetime, now: datetime
) -> ReminderBatch:
    """Post letters to the next people of the audience; the last batch completes the slot and is recorded."""
    slot = rule.slot_at or now
    key = key_of(rule.id, slot)
    people = reach.next_people(
        audience, campaign, unit_id=rule.unit_id, slot=slot, key=key, after=rule.upto, most=BATCH
    )
    facts = {"rule": rule.id, "slot": slot.isoformat()}
    about = LetterTopic(audience.kind, campaign.id, until)
    made = outbox.post_many(
        about, (AddressedLetter(to, f"{key}{to.person_id}", facts) for to in people), now=now
    )
    rule.told += made
    if len(people) == BATCH:
        rule.upto = people[-1].person_id or rule.upto
        return ReminderBatch(made, more=True)
    rule.progress = str(SlotProgress.MADE)
    subject = f"campaign:{campaign.id}"
    if rule.told:
        facts = {"count": rule.told, "audience": rule.audience}
        news.tell(NewsKind.REMINDER, campaign, f"{rule.id}:{slot:%Y%m%dT%H%M%S}", facts=facts, now=now)
    audit.record(
        "campaign.reminded", subject, actor=actor_of("system", now=now), rule=rule.id, count=rule.told
    )
    return ReminderBatch(made, more=False)
