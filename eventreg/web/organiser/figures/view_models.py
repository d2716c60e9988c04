"""View models of a campaign's figures: drawings, each with the table that says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.campaigns.facts import CampaignFacts, QuestionFacts
from eventreg.campaigns.question_kinds import NO, YES, QuestionKind
from eventreg.registrations.figures.rules import AnswerTotals, DayCount, DepartmentCount
from eventreg.registrations.rules import RegistrationState
from eventreg.words import registration_words, times
from eventreg.words.campaign_words import GENDERS

from . import charts
from .charts import BarInput, Chart

SHOWN_DAYS = 62  # columns of the drawing; the table has all days


@dataclass(frozen=True, slots=True)
class FigureTable:
    """A table: its heads, and its lines, each with a head of its own."""

    heads: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class FigureView:
    """A drawing with its table; `lang` is the language of the words that the campaign gave."""

    heading: str
    chart: Chart | None
    table: FigureTable
    note: str = ""
    lang: str = ""


def days(found: Sequence[DayCount]) -> FigureView:
    """Sign-ups by day."""
    most = max(found, key=lambda one: one.signed_up)
    total = sum(one.signed_up for one in found)
    told = _(
        "共 %(total)s 人次报名，最多的是 %(day)s，%(n)s 人次。",
        total=total,
        day=times.day(most.day),
        n=most.signed_up,
    )
    drawn = [(f"{one.day.month}/{one.day.day}", one.signed_up) for one in found[-SHOWN_DAYS:]]
    lines = tuple(
        (times.day(one.day), str(one.signed_up), str(one.withdrawn), str(one.until_then)) for one in found
    )
    table = FigureTable((_("日期"), _("报名"), _("退出"), _("累计报名")), lines)
    heading = _("每天的报名")
    return FigureView(heading, charts.columns("days", heading, told, drawn), table, told)


def has_people(found: Sequence[DepartmentCount], gender: str) -> bool:
    """Whether the campaign is for people of this gender, or one of them signed up."""
    return any(one.people.get(gender) or one.signed_up.get(gender) for one in found)


def units(found: Sequence[DepartmentCount], gender: str) -> FigureView:
    """Who signed up of the people on the roster, by department, of one gender."""
    counts = [(one.name, one.signed_up.get(gender, 0), one.people.get(gender, 0)) for one in found]
    counts = [line for line in counts if line[1] or line[2]]
    came, everybody = sum(line[1] for line in counts), sum(line[2] for line in counts)
    who = GENDERS[gender]()
    told = _("%(who)s：名册 %(all)s 人，报名 %(n)s 人。", who=who, all=everybody, n=came)
    drawn = [BarInput(name, n, n, max(n, of), _("%(n)s / %(all)s", n=n, all=of)) for name, n, of in counts]
    lines = tuple((name, str(n), str(of), _share(n, of)) for name, n, of in counts)
    table = FigureTable((_("单位"), _("报名"), _("名册人数"), _("比例")), lines)
    heading = _("各单位的报名（%(who)s）", who=who)
    chart = charts.bars(f"units-{gender}", heading, told, drawn)
    return FigureView(heading, chart, table, told, "zh-CN")


def endings(found: Mapping[tuple[str, str], int], counts: Mapping[RegistrationState, int]) -> FigureView:
    """The registrations by state, and the withdrawn ones by why they ended."""
    states = [(registration_words.state(str(state)), n) for state, n in counts.items()]
    reasons = [(_why(*ended), n) for ended, n in sorted(found.items())]
    drawn = [*states[:2], *((_("退出：%(why)s", why=why), n) for why, n in reasons)]
    most = max((n for _label, n in drawn), default=0)
    told = _("，").join(_("%(what)s %(n)s 人", what=label, n=n) for label, n in drawn)
    waiting = registration_words.state(str(RegistrationState.WAITING))
    values = [BarInput(label, n, 0 if label == waiting else n, most, str(n)) for label, n in drawn]
    table = FigureTable(
        (_("状态"), _("应到几人、实到几人，写实到的人数")), tuple((label, str(n)) for label, n in drawn)
    )
    heading = _("报上、候补和退出")
    return FigureView(heading, charts.bars("states", heading, told, values), table, told)


def _why(ended: str, reason: str) -> str:
    """Why registrations ended, with the reason that an organiser gave."""
    by = registration_words.ended_by(ended)
    return _("%(by)s（%(reason)s）", by=by, reason=registration_words.hand_reason(reason)) if reason else by


def question(found: QuestionFacts, totals: AnswerTotals, campaign: CampaignFacts) -> FigureView:
    """The totals of the answers to a question; a text is only counted."""
    answered = ngettext("%(num)s 人填了。", "%(num)s 人填了。", totals.answered.all)
    heading = registration_words.asked_label(found)
    if not totals.options:
        table = FigureTable((_("报上的"), _("候补的")), ())
        return FigureView(heading, None, table, " ".join([answered, *_numbers(totals)]), campaign.lang)
    return _options(found, totals, campaign, heading, answered)


def _options(
    found: QuestionFacts, totals: AnswerTotals, campaign: CampaignFacts, heading: str, answered: str
) -> FigureView:
    labels = {option.code: option.label for option in found.options} | {YES: _("是"), NO: _("否")}
    places = {p.option: p.places for p in campaign.pools if p.question_key == found.key}
    most = max((count.all for count in totals.options.values()), default=0)
    drawn, lines = [], []
    for code, count in totals.options.items():
        of = places.get(code)
        value = str(count.seated) if of is None else _("%(n)s / %(all)s", n=count.seated, all=of)
        more = _("，候补 %(n)s", n=count.waiting) if count.waiting else ""
        whole = max(count.all, of or 0, 0 if places else most)
        drawn.append(BarInput(labels.get(code, code), count.all, count.seated, whole, value + more))
        lines.append((labels.get(code, code), str(count.seated), str(count.waiting), str(of or "")))
    heads = (_("选项"), _("报上的"), _("候补的"), _("名额"))
    shown = 4 if places else 3
    table = FigureTable(heads[:shown], tuple(line[:shown] for line in lines))
    chart = charts.bars(f"question-{found.id}", heading, answered, drawn)
    return FigureView(heading, chart, table, answered, campaign.lang)


def _numbers(totals: AnswerTotals) -> list[str]:
    numbers = totals.numbers
    if numbers is None:
        return []
    return [
        _(
            "报上的合计 %(total)s，最小 %(least)s，最大 %(most)s。",
            total=numbers.total,
            least=numbers.least,
            most=numbers.most,
        )
    ]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}%" if whole else "–"


def is_counted(question: QuestionFacts) -> bool:
    """Whether the answers to a question are totalled: what is personal, such as a number to call, is not."""
    return question.kind != QuestionKind.PHONE
