"""What stands around the content of every letter: the site's name, the greeting, who sends it and whom to ask."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr

from flask import current_app
from flask_babel import gettext as _

from eventreg.campaigns import service as campaigns
from eventreg.config import Settings
from eventreg.people import service as people

from .content import LetterContent


@dataclass(frozen=True, slots=True)
class LetterFrame:
    """`contact` are sentences about who sends the letter and whom to ask. `reply_to` is the mailbox for answers, if there is one."""

    brand: str = ""
    greeting: str = ""
    contact: tuple[str, ...] = ()
    reply_to: str = ""


def frame_of(content: LetterContent, person_id: int | None) -> LetterFrame:
    """The frame of a letter in the current language; `person_id` is its reader, None for somebody who is not on the roster."""
    settings: Settings = current_app.extensions["eventreg.settings"]
    season = campaigns.find_season()
    owner = season.owner if season else parseaddr(settings.mail_from)[0]
    return LetterFrame(
        season.brand if season else "eventreg",
        _greeting(content, people.person_facts(person_id).name if person_id else ""),
        _contact(owner, season.phone if season else None, can_reply=bool(settings.mail_reply_to)),
        settings.mail_reply_to,
    )


def _greeting(content: LetterContent, name: str) -> str:
    """Empty if the letter's own words begin with the name, as an organiser may have written them."""
    if not name or (content.lines and name in content.lines[0]):
        return ""
    return _("%(name)s，你好。", name=name)


def _contact(owner: str, phone: str | None, *, can_reply: bool) -> tuple[str, ...]:
    said = []
    if owner and phone:
        said.append(_("%(owner)s发出，有问题请打电话 %(phone)s。", owner=owner, phone=phone))
    elif owner:
        said.append(_("%(owner)s发出，有问题请找他们。", owner=owner))
    if can_reply:
        said.append(_("也可以直接回复这封信。"))
    return tuple(said)
