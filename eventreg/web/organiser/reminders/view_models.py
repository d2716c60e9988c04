"""View models of reminder rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from eventreg.campaigns.facts import CampaignFacts
from eventreg.delivery.contents import default_wording, reminder_letters
from eventreg.delivery.contents.reminder_letters import ReminderReader
from eventreg.reminders import reach
from eventreg.reminders.audiences import find_audience
from eventreg.reminders.reminder_facts import RuleFacts
from eventreg.reminders.rules import ReminderInput, SlotProgress, slot_of
from eventreg.web.app import current
from eventreg.web.organiser.letter_previews import TONGUES, LetterPreview
from eventreg.words import times
from eventreg.words.delivery import reminder_words
from eventreg.words.locale import speaking


@dataclass(frozen=True, slots=True)
class ReminderCard:
    """One reminder rule: when it is due, its audience, its progress. `on` says whether it is switched on."""

    id: int
    when: str
    to: str
    lines: tuple[str, ...]
    state: tuple[str, str]
    on: bool
    switch: str
    url: str
    letter_url: str
    switch_url: str
    off_url: str


def card(rule: RuleFacts, campaign: CampaignFacts, units: Mapping[int, str]) -> ReminderCard:
    """A rule in the list."""
    slug, id_ = campaign.slug, rule.id
    state = reminder_words.progress(
        str(rule.progress), told=rule.told, on=rule.is_on, published=campaign.published
    )
    return ReminderCard(
        id=rule.id,
        when=when_words(rule.wanted, campaign),
        to=_to(rule.wanted, units),
        lines=_lines(rule, campaign),
        state=state,
        on=rule.is_on,
        switch=_("停下") if rule.is_on else _("重新启用"),
        url=url_for("reminders.edit_reminder", slug=slug, rule_id=id_),
        letter_url=url_for("reminders.letter", slug=slug, rule_id=id_),
        switch_url=url_for("reminders.switch_reminder", slug=slug, rule_id=id_),
        off_url=url_for("reminders.remove_reminder", slug=slug, rule_id=id_),
    )


def when_words(wanted: ReminderInput, campaign: CampaignFacts) -> str:
    """活动开始前 3 天，09:00."""
    timing = wanted.timing
    titles = {activity.id: activity.title for activity in campaign.activities}
    counted_from = reminder_words.anchor(str(timing.anchor), titles.get(timing.activity_id or 0, ""))
    return reminder_words.timing(
        counted_from, str(timing.side), timing.amount, str(timing.measure), timing.at
    )


def rendered(rule: RuleFacts, campaign: CampaignFacts) -> list[LetterPreview]:
    """The letter in each language, with the campaign's data and the visitor as its reader."""
    about, reader = (
        reminder_letters.of_rule(rule, campaign, slot=rule.slot_at),
        ReminderReader(current.person_id()),
    )
    base_url, shown = current.settings().base_url, []
    for lang, tongue in TONGUES.items():
        with speaking(lang):
            told = reminder_letters.content(about, reader, base_url=base_url)
        shown.append(LetterPreview(lang, tongue, told, qr=about.has_ticket))
    return shown


def wording_url(rule: RuleFacts, slug: str) -> str | None:
    """The page where the text of its letters is changed; None if it cannot be changed."""
    kind = f"reminder_{rule.wanted.audience}"
    return url_for("wording.edit", slug=slug, kind=kind) if kind in default_wording.DEFAULTS else None


def _to(wanted: ReminderInput, units: Mapping[int, str]) -> str:
    to = reminder_words.audience(wanted.audience)
    unit = units.get(wanted.unit_id or 0)
    return (
        _("发给%(audience)s，只在%(unit)s", audience=to, unit=unit)
        if unit
        else _("发给%(audience)s", audience=to)
    )


def _lines(rule: RuleFacts, campaign: CampaignFacts) -> tuple[str, ...]:
    slot = slot_of(rule.wanted.timing, campaign)
    if slot.lack is not None:
        return (reminder_words.LACKS[str(slot.lack)](),)
    lines = [_slot_words(rule, slot.at, campaign, shifted=slot.shifted)] if slot.at else []
    audience = find_audience(rule.wanted.audience)
    if audience is not None and rule.progress is SlotProgress.PLANNED:
        found = reach.count(audience, campaign, unit_id=rule.wanted.unit_id)
        lines.append(reminder_words.reach(found.people, found.without_mailbox))
    return tuple(lines)


def _slot_words(rule: RuleFacts, slot_at: datetime, campaign: CampaignFacts, *, shifted: bool) -> str:
    at = slot_at.astimezone(campaign.zone)
    said = times.moment_full(at)
    asked = rule.wanted.timing.at
    if not shifted or asked is None:
        return said
    return _("%(when)s。%(why)s", when=said, why=reminder_words.shifted(f"{asked:%H:%M}", times.clock(at)))
