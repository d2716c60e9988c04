"""Previews of letters in each language, and the placeholders that can be used in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.campaigns import placeholders
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.placeholders import ALL, Placeholder, Trust
from eventreg.campaigns.wording import LetterWords
from eventreg.delivery.contents.content import LetterContent
from eventreg.delivery.preview import preview
from eventreg.people import service as people
from eventreg.registrations.messages import SentMessage
from eventreg.web.app import current
from eventreg.web.app.records import Record
from eventreg.words import times
from eventreg.words.delivery import letter_words
from eventreg.words.locale import speaking
from eventreg.words.operations import audit_words

TONGUES = {"zh-CN": "中文", "en": "English"}


@dataclass(frozen=True, slots=True)
class LetterPreview:
    """The preview of a letter in one language; `qr` says that the letter shows a ticket."""

    lang: str
    tongue: str
    content: LetterContent
    qr: bool


@dataclass(frozen=True, slots=True)
class PlaceholderView:
    """A placeholder: its spelling in both languages, its meaning, and where it may not be used."""

    zh: str
    en: str
    meaning: str
    limit: str


def shown(kind: str, campaign: CampaignFacts, wanted: Mapping[str, LetterWords]) -> list[LetterPreview]:
    """The preview in each language; empty if the campaign has nothing for the letter yet."""
    reader, base_url = people.person_facts(current.person_id()), current.settings().base_url
    told = []
    for lang, wording in wanted.items():
        with speaking(lang):
            content = preview(kind, campaign, wording, reader=reader, base_url=base_url, now=current.now())
        if content is not None:
            told.append(LetterPreview(lang, TONGUES[lang], content, kind in letter_words.WITH_TICKET))
    return told


def names(offered: Collection[Placeholder]) -> list[PlaceholderView]:
    """The placeholders that can be used in a letter."""
    found = []
    for one in offered:
        in_text_only = one.trust is Trust.USER or one.code == "link"
        limit = _("只能放在正文") if in_text_only else ""
        found.append(
            PlaceholderView(one.token("zh-CN"), one.token("en"), letter_words.placeholder(one.code), limit)
        )
    return found


def message(
    sent: SentMessage, campaign: CampaignFacts, called: Mapping[int | str, str], names: Mapping[str, str]
) -> Record:
    """A message in the history; `called` has the names of units by id and of questions by key."""
    to = sent.audience
    name = called.get(to.unit_id or to.question or "", "")
    people = ngettext("%(num)s 人", "%(num)s 人", sent.reach.people)
    at = times.moment_full(sent.sent_at.astimezone(campaign.zone))
    lines = [
        _(
            "%(audience)s，%(people)s",
            audience=letter_words.AUDIENCES[str(to.to)](name, to.answer or ""),
            people=people,
        ),
        _("%(at)s，%(who)s", at=at, who=audit_words.who(sent.sent_by, names)),
        letter_words.states(sent.states),
    ]
    url = url_for("letters.letters", campaign=campaign.id, kind="message")
    known = {one.code: one.token(campaign.lang) for one in ALL} | {"campaign": campaign.title}
    return Record(placeholders.fill(sent.words.subject, known), tuple(lines), url=url, lang=campaign.lang)
