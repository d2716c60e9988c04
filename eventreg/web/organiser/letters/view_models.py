"""View models of letters and of the counts above their list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.history import trails
from eventreg.outbox.rules import OVERTAKEN, Channel, is_expired
from eventreg.outbox.standing import BOUNCED, STANDINGS, WRITTEN
from eventreg.season.letter_batches import LetterBatch
from eventreg.season.letters import LetterLine
from eventreg.web.app import records
from eventreg.web.app.records import EntryView, Record, when
from eventreg.words.delivery import letter_words
from eventreg.words.operations import audit_words

AGAIN = frozenset({"failed", "expired", "withheld", WRITTEN, BOUNCED})
READDRESSED = AGAIN | {"queued"}


@dataclass(frozen=True, slots=True)
class LetterCount:
    """The number of letters in one state, and the link to their list."""

    code: str
    word: str
    count: int
    url: str
    here: bool


@dataclass(frozen=True, slots=True)
class LetterCard:
    """One letter: its facts, and what can be done with it now."""

    id: int
    kind: str
    state: tuple[str, str]
    facts: tuple[tuple[str, str, str | None], ...]
    why: str
    again: bool
    readdressed: bool
    sent: bool
    bounced: bool
    told: list[EntryView]


def standings(counts: Mapping[str, int], wanted: str, kept: Mapping[str, object]) -> list[LetterCount]:
    """Counts of all letters and of each state that has letters; the chosen state is always included."""
    others = {name: value for name, value in kept.items() if name not in {"state", "page"}}
    shown = [code for code in STANDINGS if counts.get(code) or code == wanted]
    everything = LetterCount("all", _("全部"), sum(counts.values()), _url(**others), not wanted)
    return [everything] + [
        LetterCount(
            code,
            letter_words.state(code),
            counts.get(code, 0),
            _url(state=code, **others),
            code == wanted,
        )
        for code in shown
    ]


def batch(found: LetterBatch) -> Record:
    """Letters that one act posted: how many of what, and how they stand; a single letter as itself."""
    line = found.newest
    if found.count == 1:
        return records.letter(line, managed=True)
    number = ngettext("%(num)s 封", "%(num)s 封", found.count)
    about = (line.campaign, "zh-CN") if line.campaign else ""
    said = (number, about, _("%(at)s 写好", at=when(line.posted_at)), letter_words.states(found.states))
    url = url_for("letters.letters", batch=line.id) if not line.private else ""
    return Record(letter_words.kind(line.kind), tuple(text for text in said if text), url=url)


def card(line: LetterLine, *, now: datetime) -> LetterCard:
    """A letter with what can be done with it."""
    wanted = not is_expired(line.expires_at, now=now) and line.trouble != OVERTAKEN
    mail = line.channel == Channel.MAIL
    return LetterCard(
        id=line.id,
        kind=letter_words.kind(line.kind),
        state=records.standing(line),
        facts=_facts(line),
        why=records.why(line),
        again=wanted and line.state in AGAIN,
        readdressed=wanted and mail and line.state in READDRESSED,
        sent=mail and line.state == "sent",
        bounced=mail and line.state == BOUNCED,
        told=records.told(trails.of_letter(line.id)),
    )


def _facts(line: LetterLine) -> tuple[tuple[str, str, str | None], ...]:
    """Facts as (label, value, language of the value if it is data)."""
    rows: list[tuple[str, str, str | None]] = [
        (_("收信人") if line.channel == Channel.MAIL else _("群"), line.name or _("没有"), "zh-CN")
    ]
    if line.channel == Channel.MAIL:
        rows.append((_("邮箱"), line.address or _("没有邮箱"), None))
    if line.campaign:
        rows.append((_("活动"), line.campaign, "zh-CN"))
    rows.append((_("写好"), when(line.posted_at), None))
    if line.sent_at:
        rows.append((_("写成文件") if line.state == WRITTEN else _("发出"), when(line.sent_at), None))
    if line.state == "queued" and line.attempts:
        rows.append((_("下一次"), when(line.due_at), None))
    if line.expires_at and not line.sent_at:
        rows.append((_("过时不发"), when(line.expires_at), None))
    if line.bounced_at:
        by = audit_words.who(line.bounced_by, trails.names_of([line.bounced_by]))
        rows.append((_("退信"), _("%(at)s，%(who)s记下", at=when(line.bounced_at), who=by), None))
    return tuple(rows)


def _url(**kept: Any) -> str:
    return url_for("letters.letters", **{name: value for name, value in kept.items() if value})
