"""View models of entries by hand."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.rules import Intake
from eventreg.core.errors import NotFound
from eventreg.people.service import PersonFacts
from eventreg.registrations.by_hand.outlook import EntryOutlook
from eventreg.web.app.records import Record
from eventreg.words.registration_words import why_not

from . import forms


@dataclass(frozen=True, slots=True)
class EntryPreview:
    """Whom an organiser is about to enter, and what that does. `impossible` and `overruled` are sentences or ""."""

    name: str
    unit: str
    has_mail: bool
    standing: str
    seated: bool
    impossible: str
    overruled: str
    added: str


def for_sign_up(campaign: CampaignFacts) -> CampaignFacts:
    """The campaign itself if people can be entered in it. Raises NotFound for a draft and for an award."""
    if not campaign.published or campaign.accepts is not Intake.REGISTRATIONS:
        raise NotFound("campaign")
    return campaign


def candidate(person: PersonFacts, slug: str) -> Record:
    """Somebody who was found, with the link to the next step."""
    url = url_for("by_hand.entry", slug=slug, person=person.id)
    number = _("工号 %(no)s", no=person.staff_no)
    return Record(person.name, ((person.unit, "zh-CN"), number), url=url, lang="zh-CN")


def entry_preview(person: PersonFacts, ahead: EntryOutlook, campaign: CampaignFacts) -> EntryPreview:
    """What entering this person would do, in words."""
    impossible, overruled = ahead.impossible, ahead.overruled
    return EntryPreview(
        name=person.name,
        unit=person.unit,
        has_mail=person.email is not None,
        standing=_standing(ahead),
        seated=ahead.is_seated,
        impossible=why_not(impossible.code, impossible.facts) if impossible else "",
        overruled=why_not(overruled.code, overruled.facts) if overruled else "",
        added=forms.added_words(ahead, campaign.waiting) if ahead.extended else "",
    )


def _standing(ahead: EntryOutlook) -> str:
    """Where the person stands already, "" for nowhere."""
    if ahead.live is None:
        return ""
    if ahead.is_seated:
        return _("已经报上，编号 %(n)s", n=ahead.live.arrival)
    return _("已在候补，编号 %(n)s", n=ahead.live.arrival)
