"""View models of a contact's pages about sign-ups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.rules import check_open
from eventreg.core.errors import Refused
from eventreg.registrations.by_hand.unit_lists import ListedPerson
from eventreg.registrations.rules import RegistrationState
from eventreg.season.minimums import BoardUnit
from eventreg.web.app.records import Record
from eventreg.web.employee.public.view_models import when_words
from eventreg.words import times
from eventreg.words.registration_words import why_not


@dataclass(frozen=True, slots=True)
class ListedView:
    """A person of the preview: what they would get, as a state and in words."""

    name: str
    staff_no: str
    look: str
    word: str


def card(campaign: CampaignFacts, short: Sequence[BoardUnit], *, now: datetime) -> Record:
    """A campaign in the list; with the units of the contact that are short."""
    missing = tuple(_("%(unit)s还差 %(n)s 人", unit=line.path, n=line.need.missing) for line in short)
    when = when_words(campaign)
    said = closed(campaign, now=now) or _("报名截止 %(at)s", at=times.deadline(campaign.closes_at))
    url = url_for("unit_entries.colleagues", slug=campaign.slug)
    return Record(campaign.title, (when, said, *missing), url=url, lang=campaign.lang)


def closed(campaign: CampaignFacts, *, now: datetime) -> str:
    """Why nobody can be entered now, or ""."""
    try:
        check_open(campaign.window, now=now)
    except Refused as refused:
        return why_not(refused.code, refused.facts)
    return ""


def listed(person: ListedPerson) -> ListedView:
    """A person of the preview in words."""
    if person.refused is not None:
        word = why_not(person.refused.code, person.refused.facts)
        return ListedView(person.name, person.staff_no, "refused", word)
    if person.state is RegistrationState.SEATED:
        return ListedView(person.name, person.staff_no, "seated", _("报上"))
    place = times.ordinal(person.position or 1)
    return ListedView(person.name, person.staff_no, "waiting", _("候补第 %(n)s 位", n=place))
