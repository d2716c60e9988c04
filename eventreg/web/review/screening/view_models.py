"""View models of the screening."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.nominations.decisions import DecisionFacts
from eventreg.nominations.rules import NominationState
from eventreg.nominations.screening import queue
from eventreg.nominations.screening.index import SimilarNomination
from eventreg.nominations.screening.opinions import Office, OpinionFacts
from eventreg.nominations.screening.queue import QueueLine
from eventreg.nominations.screening.report import StructureReport
from eventreg.nominations.screening.rules import (
    CheckStatus,
    GroupDimension,
    LimitStatus,
    ScreeningCheck,
    StructureLimitFacts,
    is_safe,
)
from eventreg.people import service as people
from eventreg.reminders.by_button import AudienceDue
from eventreg.web.app.records import Record
from eventreg.web.organiser.letters.view_models import LetterCount
from eventreg.words import times
from eventreg.words.award import award_words, screening_words
from eventreg.words.delivery import reminder_words

PASSAGE_MOST = 120  # characters of a passage that are shown


@dataclass(frozen=True, slots=True)
class CheckView:
    """One check of a nomination: its style, what was checked, what was found."""

    look: str
    word: str
    found: str


@dataclass(frozen=True, slots=True)
class ScreeningLine:
    """A line of the queue. `open` names the checks that are not fine; `value` is the value of its tick box, or empty."""

    name: str
    url: str
    said: str
    state: tuple[str, str]
    open: tuple[CheckView, ...]
    value: str


@dataclass(frozen=True, slots=True)
class SimilarView:
    """Another nomination with a similar deeds text."""

    name: str
    award: str
    lang: str
    percent: int
    passages: tuple[str, ...]
    url: str


@dataclass(frozen=True, slots=True)
class LimitBar:
    """A structure limit with its status."""

    what: str
    said: str
    count: int
    of: int
    look: str
    drop_url: str


def checked(found: Sequence[ScreeningCheck]) -> tuple[CheckView, ...]:
    """Each check in words."""
    return tuple(
        CheckView(
            screening_words.LOOKS[str(check.standing)],
            screening_words.check(check.code),
            screening_words.found(check.code, str(check.standing), check.facts),
        )
        for check in found
    )


def screened(
    line: QueueLine,
    campaign: CampaignFacts,
    kept: Mapping[str, Any] = MappingProxyType({}),
    *,
    page: str = "screening.nomination",
) -> ScreeningLine:
    """A nomination in the queue; `kept` are the filters of its list, or what else the address of its page needs."""
    found = line.nomination
    at = times.moment((found.submitted_at or found.made_at).astimezone(campaign.zone))
    counted = _("，字数 %(n)s", n=found.counted.zishu) if found.counted else ""
    safe = found.state is NominationState.SUBMITTED and is_safe(line.checks)
    return ScreeningLine(
        name=found.nominee.name,
        url=url_for(page, nomination_id=found.id, **kept),
        said=_("%(unit)s，%(at)s 提交", unit=line.unit, at=at) + counted,
        state=award_words.state(str(found.state)),
        open=checked([check for check in line.checks if check.standing is not CheckStatus.FINE]),
        value=f"{found.id}:{found.handed_in}" if safe else "",
    )


def counts(slug: str, found: Mapping[str, int], wanted: str, kept: Mapping[str, Any]) -> list[LetterCount]:
    """Counts of all nominations and of each state that has some; the chosen state is always included."""
    shown = [str(state) for state in queue.STATES if found.get(str(state)) or str(state) == wanted]
    everything = _count(slug, "all", _("全部"), sum(found.values()), not wanted, kept)
    return [everything] + [
        _count(slug, code, award_words.state(code)[1], found.get(code, 0), code == wanted, kept)
        for code in shown
    ]


def alike(hint: SimilarNomination) -> SimilarView:
    """Nominations with similar deeds texts: the nominee and the award."""
    award = campaigns.campaign_by_id(hint.campaign_id)
    return SimilarView(
        name=people.person_facts(hint.person_id).name,
        award=award.title,
        lang=award.lang,
        percent=hint.percent,
        passages=tuple(_cut(text) for text in hint.passages),
        url=url_for("screening.nomination", nomination_id=hint.nomination_id),
    )


def _cut(text: str) -> str:
    """The beginning of a passage, long enough to recognise it."""
    if len(text) <= PASSAGE_MOST:
        return text
    return _("%(beginning)s……（共 %(n)s 个字）", beginning=text[:PASSAGE_MOST], n=len(text))


def decided(decision: DecisionFacts, campaign: CampaignFacts) -> Record:
    """A decision in words: what, by whom, when and why."""
    what = screening_words.verdict(str(decision.verdict), as_head=decision.as_head)
    at = times.moment(decision.at.astimezone(campaign.zone))
    lines: list[str | tuple[str, str]] = [f"{people.person_facts(decision.by).name} {at}"]
    if decision.reason:
        lines.append((decision.reason, "zh-CN"))
    if decision.due_at:
        lines.append(_("补正到 %(at)s", at=times.moment(decision.due_at.astimezone(campaign.zone))))
    return Record(what, tuple(lines))


def grouped(
    report: StructureReport, about: GroupDimension, units: Mapping[str, str]
) -> list[tuple[str, int, int]]:
    """The groups by name, with the numbers of nominees and candidates."""
    return [
        (_group(about, code, units), nominated, chosen) for code, nominated, chosen in report.groups[about]
    ]


def limit_bar(slug: str, id_: int, bar: LimitStatus, units: Mapping[str, str]) -> LimitBar:
    """A limit with its status."""
    limit = bar.limit
    said = screening_words.bar(
        count=bar.count, of=bar.of, percent=limit.percent, most=limit.most, kept=bar.kept
    )
    return LimitBar(
        what=_named(limit, units),
        said=said,
        count=bar.count,
        of=max(bar.of, 1),
        look="seated" if bar.kept else "refused",
        drop_url=url_for("report.drop_limit", slug=slug, limit_id=id_),
    )


def _named(limit: StructureLimitFacts, units: Mapping[str, str]) -> str:
    if limit.about is GroupDimension.POST:
        return _("岗位包含“%(word)s”", word=limit.value)
    return _group(limit.about, limit.value, units)


def _group(about: GroupDimension, code: str, units: Mapping[str, str]) -> str:
    if about is GroupDimension.UNIT:
        return units.get(code, code)
    if about is GroupDimension.AGE or code == "unknown":
        return screening_words.BANDS[code]()
    return code


def _count(slug: str, code: str, word: str, count: int, here: bool, kept: Mapping[str, Any]) -> LetterCount:
    wanted = None if code == "all" else code
    others = {name: value for name, value in kept.items() if name != "state"}
    return LetterCount(
        code, word, count, url_for("screening.nominations", slug=slug, state=wanted, **others), here
    )


def opinions(found: Mapping[Office, OpinionFacts], campaign: CampaignFacts) -> list[tuple[str, str]]:
    """What each office answered, and that it has not answered."""
    told = []
    for office in Office:
        one = found.get(office)
        said = screening_words.OPINIONS[str(one.answer)]() if one else _("还没有答复")
        at = _("（%(at)s 登记）", at=times.moment(one.at.astimezone(campaign.zone))) if one else ""
        note = f"{_('：')}{one.note}" if one and one.note else ""
        told.append((screening_words.OFFICES[str(office)](), f"{said}{note}{at}"))
    return told


def due(one: AudienceDue, slug: str = "") -> Record:
    """Who has something left to do; for HR (`slug`) with the button that writes to them, unless all were written to today."""
    lines = [ngettext("%(num)s 人", "%(num)s 人", one.people)]
    if one.without_mailbox:
        unreached = one.without_mailbox
        lines.append(ngettext("%(num)s 人没有邮箱，请当面提醒", "%(num)s 人没有邮箱，请当面提醒", unreached))
    url = url_for("screening.remind", slug=slug, audience=one.code) if one.due and slug else ""
    state = None if one.due or one.people == one.without_mailbox else ("seated", _("今天提醒过了"))
    return Record(reminder_words.audience(one.code), tuple(lines), state, form_url=url)
