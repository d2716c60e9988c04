"""View models of pages about people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _

from eventreg.accounts.grants import GrantFacts
from eventreg.accounts.sessions import SessionFacts
from eventreg.core.trail.audit import EntryFacts
from eventreg.history.trails import TrailNames, TrailPage
from eventreg.outbox.rules import Channel
from eventreg.outbox.standing import WRITTEN
from eventreg.people.service import PersonFacts
from eventreg.registrations.by_hand.acts import HandActFacts
from eventreg.season.letters import LetterLine
from eventreg.venue.attendance import ScanRecord
from eventreg.words import browsers, refusals, registration_words, times, venue_words
from eventreg.words.delivery import letter_words
from eventreg.words.operations import audit_words
from eventreg.words.role_words import ROLES

from . import changed_values, current

LOOKS = {
    "sent": "seated",
    WRITTEN: "waiting",
    "queued": "waiting",
    "claimed": "waiting",
    "failed": "refused",
    "bounced": "refused",
}


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a list: a title, quieter lines below it, a state, a link, a button.

    `lang` is the language of the title if it is data; the button sends to `form_url`.
    """

    title: str
    lines: tuple[str | tuple[str, str], ...] = ()
    state: tuple[str, str] | None = None
    url: str = ""
    form_url: str = ""
    lang: str = ""


def hand_notes(acts: Iterable[HandActFacts]) -> list[Record]:
    """The notes of acts by hand, for organisers: what was done and why, and the note."""
    return [
        Record(
            registration_words.hand_act(act.act),
            (registration_words.hand_reason(act.reason), (act.note, "zh-CN")),
        )
        for act in acts
        if act.note
    ]


@dataclass(frozen=True, slots=True)
class EntryView:
    """An audit entry in words; `changes` are lines of what changed, its old and its new value."""

    what: str
    who: str
    at: datetime
    changes: tuple[tuple[str, str, str, str], ...] = ()


def local(at: datetime) -> datetime:
    """An instant in the installation's zone."""
    return at.astimezone(ZoneInfo(current.settings().timezone))


def when(at: datetime) -> str:
    """An instant with its year, in words."""
    return times.moment_full(local(at))


def person(found: PersonFacts) -> Record:
    """A person in the list of people."""
    where = (found.unit, "zh-CN")
    lines = (_("工号 %(no)s", no=found.staff_no), where, found.email or _("没有邮箱"))
    gone = None if found.employed else ("withdrawn", _("已离职"))
    return Record(found.name, lines, gone, url_for("people.person", person_id=found.id), lang="zh-CN")


def session(found: SessionFacts, *, mine: int | None, form_url: str) -> Record:
    """A browser in which a person is signed in; the visitor's current one cannot be ended here."""
    lines = (_("登录于 %(at)s", at=when(found.signed_in_at)), _("最近使用 %(at)s", at=when(found.seen_at)))
    here = found.id == mine
    state = ("seated", _("就是这个浏览器")) if here else None
    return Record(browsers.browser(found.browser), lines, state, form_url="" if here else form_url)


def grant(held: GrantFacts, *, scope: str, names: Mapping[str, str], form_url: str) -> Record:
    """A role: for what, from when until when, granted by whom."""
    over = is_over(held)
    state = ("withdrawn", _("已结束")) if over else None
    if not over and held.since > current.now():
        state = ("waiting", _("还没有开始"))
    given = _("由%(who)s授予", who=audit_words.who(held.by, names))
    lines = ((scope, "zh-CN"), period(held), given) if scope else (period(held), given)
    return Record(ROLES[held.role](), lines, state, form_url="" if over else form_url)


def organiser(held: GrantFacts, *, names: Mapping[str, str], form_url: str) -> Record:
    """An organiser of a campaign."""
    told = grant(held, scope="", names=names, form_url=form_url)
    name = names.get(f"person:{held.person_id}", "")
    return Record(name, told.lines, told.state, form_url=told.form_url, lang="zh-CN")


def period(held: GrantFacts) -> str:
    """From when until when, the last day included."""
    if held.until is None:
        return _("从 %(since)s 起", since=when(held.since))
    return _("从 %(since)s 到 %(until)s", since=when(held.since), until=when(held.until))


def letter(line: LetterLine, *, managed: bool = False) -> Record:
    """A letter; of a sign-in code only that there was one. With `managed` it links to what can be done with it."""
    about = (line.campaign, "zh-CN") if line.campaign else ""
    said = tuple(text for text in (_to(line), about, _at(line), why(line)) if text)
    url = url_for("letters.letter", letter_id=line.id) if managed and not line.private else ""
    return Record(letter_words.kind(line.kind), said, standing(line), url)


def _at(line: LetterLine) -> str:
    """When a letter was sent or written to a file; while it was not, when it was posted."""
    if line.sent_at is None:
        return _("%(at)s 写好", at=when(line.posted_at))
    at = when(line.sent_at)
    return _("%(at)s 写成文件", at=at) if line.state == WRITTEN else _("%(at)s 发出", at=at)


def _to(line: LetterLine) -> str | tuple[str, str]:
    """The recipient: a person with their address, or a group."""
    if line.channel == Channel.ROBOT:
        return line.name, "zh-CN"
    return _(
        "%(name)s %(address)s",
        name=line.name or _("名册里没有这个人"),
        address=line.address or _("没有邮箱"),
    )


def why(line: LetterLine) -> str:
    """Why a letter is in its state."""
    return letter_words.why(
        line.state, reachable=bool(line.address), attempts=line.attempts, trouble=line.trouble
    )


def standing(line: LetterLine) -> tuple[str, str]:
    """The style and the word for a letter's state."""
    return LOOKS.get(line.state, "withdrawn"), letter_words.state(line.state)


def told(trail: TrailPage, *, of_campaign: bool = False, zone: ZoneInfo | None = None) -> list[EntryView]:
    """Audit entries in words: who did what and when; those of a campaign also name whose role it is.

    Old and new instants are told in `zone`, the installation's if there is none.
    """
    zone = zone or ZoneInfo(current.settings().timezone)
    return [
        EntryView(
            audit_words.what(entry.action, {**entry.facts, "scope": _scope(entry, trail.names, of_campaign)}),
            audit_words.who(entry.by, trail.names.actors),
            local(entry.at),
            changed_values.changes(entry.facts, zone=zone, units=trail.names.units),
        )
        for entry in trail.entries
    ]


def scanned(found: ScanRecord) -> EntryView:
    """A scan of a ticket in words; the phone or system that scanned stands as who did it."""
    why = refusals.say(found.reason, {}) if found.reason else ""
    point = venue_words.point(found.check_point, found.point_name)
    what = venue_words.scanned(str(found.verdict), point_name=point, why=why)
    return EntryView(what, found.door, local(found.at))


def _scope(entry: EntryFacts, names: TrailNames, of_campaign: bool) -> str:
    """The person or unit that an entry of a campaign is about; else what a role is for."""
    unit = names.units.get(entry.facts.get("unit") or 0, "")
    if of_campaign:
        return names.actors.get(entry.subject, "") or unit
    return unit or names.campaigns.get(entry.facts.get("campaign") or 0, "")


def is_over(held: GrantFacts) -> bool:
    """Whether a role has ended."""
    return held.until is not None and held.until <= current.now()
