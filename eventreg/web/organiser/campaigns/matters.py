"""What needs attention today, in words."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from eventreg.campaigns.plan.attention import Attention, AttentionReason
from eventreg.campaigns.rules import Intake
from eventreg.words import plan_words

SIGNS = {
    AttentionReason.NO_DEVICE: ("key", "refused"),
    AttentionReason.UNREACHED: ("envelope-exclamation", "waiting"),
    AttentionReason.DRAFT_LATE: ("exclamation-octagon-fill", "refused"),
    AttentionReason.DRAFT_SOON: ("bell", "waiting"),
    AttentionReason.FREE_WHILE_WAITING: ("people", "waiting"),
    AttentionReason.OPTION_FULL: ("people", "waiting"),
    AttentionReason.TENTATIVE_SOON: ("cloud-sun", "waiting"),
    AttentionReason.CLOSES_SOON: ("hourglass-split", "offered"),
    AttentionReason.REMOVED_SOON: ("hourglass-split", "waiting"),
}
ENDPOINTS = {
    AttentionReason.NO_DEVICE: "devices.devices",
    AttentionReason.UNREACHED: "confirmations.confirmations",
    AttentionReason.DRAFT_LATE: "campaigns.campaign",
    AttentionReason.DRAFT_SOON: "campaigns.campaign",
    AttentionReason.FREE_WHILE_WAITING: "places.places",
    AttentionReason.OPTION_FULL: "questions.questions",
    AttentionReason.TENTATIVE_SOON: "activities.activities",
    AttentionReason.CLOSES_SOON: "manage.roster",
    AttentionReason.REMOVED_SOON: "retention.kept",
}


@dataclass(frozen=True, slots=True)
class AttentionView:
    """One thing that needs attention today, in words."""

    sign: str
    tone: str
    title: str
    about: str
    lang: str
    text: str
    button: str
    url: str


def matter(attention: Attention) -> AttentionView:
    """What needs attention, in words."""
    sign, tone = SIGNS[attention.need]
    at = attention.at.astimezone(attention.campaign.zone) if attention.at else None
    nominations = (
        attention.campaign.accepts is Intake.NOMINATIONS and attention.need is AttentionReason.CLOSES_SOON
    )
    code = "nominations_close_soon" if nominations else str(attention.need)
    title, text, button = plan_words.need(code, at, attention.count)
    endpoint = "campaigns.campaign" if nominations else ENDPOINTS[attention.need]
    url = url_for(endpoint, slug=attention.campaign.slug)
    return AttentionView(
        sign, tone, title, attention.campaign.title, attention.campaign.lang, text, button, url
    )
