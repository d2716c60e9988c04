"""Manage the reminder rules of a campaign; each change locks the campaign."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.models import Campaign
from eventreg.campaigns.plan import planning
from eventreg.campaigns.rules import check_version
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.core.trail.old_and_new import difference
from eventreg.reminders.audiences import get_audience, list_audiences

from .making import set_slot
from .models import ReminderRule
from .reminder_facts import RuleFacts, facts_of
from .rules import ReminderInput, SlotProgress, check_wanted, planned, usual


def list_rules(campaign_id: int) -> list[RuleFacts]:
    """A campaign's rules in the order of their slots; those without one last."""
    mine = select(ReminderRule).where(ReminderRule.campaign_id == campaign_id)
    return [facts_of(row) for row in db.session.scalars(mine.order_by(*_ORDER))]


def find_rule(rule_id: int) -> RuleFacts | None:
    """A rule of any campaign; None when it was removed."""
    one = select(ReminderRule).where(ReminderRule.id == rule_id)
    row = db.session.scalar(one.execution_options(populate_existing=True))
    return None if row is None else facts_of(row)


def add(campaign_id: int, wanted: ReminderInput, *, seen: int, actor: Actor) -> int:
    """Add a rule; its id. Raises what `planning.lock` and `check_wanted` do."""
    campaign, _window = planning.lock(campaign_id, seen=seen, now=actor.now)
    row = _added(campaign, wanted, actor=actor)
    planning.note(campaign, "reminder_added", actor=actor, rule=row.id)
    return row.id


def add_usual(campaign_id: int, *, seen: int, actor: Actor) -> int:
    """Add usual rules that the campaign does not have; returns how many. Rules that would be past are left out.

    Raises Refused("reminder.no_usual") when there is none to add.
    """
    campaign, _window = planning.lock(campaign_id, seen=seen, now=actor.now)
    facts = _facts(campaign_id)
    added = 0
    for wanted in usual([audience.code for audience in list_audiences(facts)]):
        try:
            _added(campaign, wanted, actor=actor)
        except Refused:
            continue
        added += 1
    if not added:
        raise Refused("reminder.no_usual")
    planning.note(campaign, "reminder_added", actor=actor, count=added)
    return added


def change(campaign_id: int, rule_id: int, wanted: ReminderInput, *, seen: int, actor: Actor) -> bool:
    """Change a rule; False when nothing changes. Another time or audience makes a new slot."""
    campaign, window = campaigns.lock_window(campaign_id)
    row = _get(campaign_id, rule_id)
    if facts_of(row).wanted == wanted:
        return False
    planning.check_planned(campaign, window, seen=seen, now=actor.now)
    facts = _facts(campaign_id)
    others = [rule.wanted for rule in list_rules(campaign_id) if rule.id != rule_id]
    check_wanted(wanted, others, facts, until=_suiting(wanted, facts), now=actor.now)
    values = _columns(wanted)
    told_values = difference(row, values)
    for name, value in values.items():
        setattr(row, name, value)
    row.slot_at, row.version = None, row.version + 1
    set_slot(row, facts, now=actor.now)
    planning.note(campaign, "reminder_changed", actor=actor, rule=rule_id, **told_values)
    return True


def switch(campaign_id: int, rule_id: int, *, on: bool, seen: int, actor: Actor) -> bool:
    """Switch a rule on or off; False when nothing changes. A slot that passed while it was off is skipped.

    This is possible after the start too, so that sending can always be stopped.
    """
    campaign = _lock(campaign_id, seen=seen)
    row = _get(campaign_id, rule_id)
    if row.is_on == on:
        return False
    row.is_on, row.version = on, row.version + 1
    if on and row.progress == SlotProgress.PLANNED:
        row.progress = str(planned(row.slot_at, now=actor.now, published=campaign.state == "published"))
    planning.note(campaign, "reminder_switched", actor=actor, rule=rule_id, on=on)
    return True


def remove(campaign_id: int, rule_id: int, *, seen: int, actor: Actor) -> None:
    """Remove a rule; its letters that were not sent are not sent any more."""
    campaign = _lock(campaign_id, seen=seen)
    db.session.delete(_get(campaign_id, rule_id))
    planning.note(campaign, "reminder_removed", actor=actor, rule=rule_id)


_ORDER = (ReminderRule.slot_at.is_(None), ReminderRule.slot_at, ReminderRule.id)


def _added(campaign: Campaign, wanted: ReminderInput, *, actor: Actor) -> ReminderRule:
    facts = _facts(campaign.id)
    others = [rule.wanted for rule in list_rules(campaign.id)]
    check_wanted(wanted, others, facts, until=_suiting(wanted, facts), now=actor.now)
    progress = str(SlotProgress.UNSET)
    row = ReminderRule(
        campaign_id=campaign.id,
        made_by=actor.audit_name,
        made_at=actor.now,
        progress=progress,
        **_columns(wanted),
    )
    set_slot(row, facts, now=actor.now)
    db.session.add(row)
    db.session.flush()
    return row


def _columns(wanted: ReminderInput) -> dict[str, Any]:
    timing = wanted.timing
    return {
        "audience": wanted.audience,
        "unit_id": wanted.unit_id,
        "anchor": str(timing.anchor),
        "activity_id": timing.activity_id,
        "side": str(timing.side),
        "amount": timing.amount,
        "measure": str(timing.measure),
        "at_minute": None if timing.at is None else timing.at.hour * 60 + timing.at.minute,
    }


def _suiting(wanted: ReminderInput, campaign: CampaignFacts) -> str:
    """The deadline of the rule's audience. Raises Refused for an audience that the campaign cannot have."""
    audience = get_audience(wanted.audience)
    if not audience.suits(campaign):
        raise NotFound("audience")
    if wanted.timing.activity_id not in {None, *(activity.id for activity in campaign.activities)}:
        raise NotFound("activity")
    return str(audience.until)


def _facts(campaign_id: int) -> CampaignFacts:
    return campaigns.campaign_by_id(campaign_id)


def _lock(campaign_id: int, *, seen: int) -> Campaign:
    campaign, _window = campaigns.lock_window(campaign_id)
    check_version(campaign.version, seen=seen)
    return campaign


def _get(campaign_id: int, rule_id: int) -> ReminderRule:
    """The rule, if it is this campaign's."""
    mine = (ReminderRule.id == rule_id, ReminderRule.campaign_id == campaign_id)
    row = db.session.scalar(
        select(ReminderRule).where(*mine).with_for_update().execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("reminder")
    return row
