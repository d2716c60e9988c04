"""View models of the preview and the report of a roster import."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from eventreg.people.comparison import PersonDifference, RosterChange, unusual_names
from eventreg.people.import_plan import ImportPlan
from eventreg.people.reading import HEADERS, REQUIRED
from eventreg.people.rules import CellProblem, CheckedRow
from eventreg.people.uploads import UploadFacts
from eventreg.season.leavers import LeavingEffect
from eventreg.words import people_words, refusals
from eventreg.words.campaign_words import GENDERS

SHOWN = 100  # lines that are shown of each kind of change; counts include all
VALUE_MOST = 60


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One person whom the file changes; `what` is the change in words."""

    name: str
    staff_no: str
    what: str


@dataclass(frozen=True, slots=True)
class ImportGroup:
    """All people with the same change; `more` of them are not listed."""

    code: str
    word: str
    count: int
    lines: tuple[ImportLine, ...]
    more: int


@dataclass(frozen=True, slots=True)
class BadCell:
    """What is wrong in one cell of the file."""

    line: int
    column: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """The preview of an import. With `bad` cells it cannot be confirmed, with `unusual` ones it can; without `changes` there is nothing to import."""

    fingerprint: str
    tally: tuple[tuple[str, int], ...]
    groups: tuple[ImportGroup, ...]
    units: tuple[tuple[str, str], ...]
    bad: tuple[BadCell, ...]
    bad_more: int
    unusual: tuple[BadCell, ...]
    unusual_more: int
    changes: bool
    without_mail: int
    losing_mail: int
    leaving_to_type: int | None


@dataclass(frozen=True, slots=True)
class GivenUp:
    """What leavers give up in one campaign, and who would be seated for it."""

    title: str
    lang: str
    what: str
    names: str


def giving_up(effects: Iterable[LeavingEffect]) -> list[GivenUp]:
    """What leaving means in each campaign, in words."""
    return [
        GivenUp(
            effect.campaign.title,
            effect.campaign.lang,
            _given_up(effect),
            _("、").join(effect.moving_up[:SHOWN]),
        )
        for effect in effects
    ]


def _given_up(effect: LeavingEffect) -> str:
    if effect.begun:
        return _("活动已经开始，%(n)s 份报名只作标记，不让出", n=effect.marked)
    places = _("让出 %(n)s 个名额", n=effect.seated) if effect.seated else ""
    waits = _("取消 %(n)s 份候补", n=effect.waiting) if effect.waiting else ""
    up = _("递补 %(n)s 人", n=len(effect.moving_up)) if effect.moving_up else ""
    inside = _("今天已经签到的 %(n)s 人只作标记，不让出", n=effect.marked) if effect.marked else ""
    return _("，").join(filter(None, (places, waits, up, inside)))


def columns() -> list[tuple[str, str, bool]]:
    """The columns of a roster file: heads, meaning, and whether a column is required."""
    words = people_words.COLUMNS
    return [(heads[0], words[name](), name in REQUIRED) for name, heads in HEADERS.items()]


def plan(found: ImportPlan) -> ImportPreview:
    """An import plan in words."""
    units = {**found.new_units, **found.changed_units}
    unusual = unusual_names(found.differences)
    groups = tuple(group for change in RosterChange if (group := _group(change, found.differences)))
    return ImportPreview(
        fingerprint=found.fingerprint,
        tally=tuple((people_words.change(str(c)), n) for c, n in found.counts.items()),
        groups=groups,
        units=tuple((" ".join(path), people_words.unit_kind(str(kind))) for path, kind in units.items()),
        bad=tuple(_bad(problem) for problem in found.problems[:SHOWN]),
        bad_more=max(0, len(found.problems) - SHOWN),
        unusual=tuple(_bad(problem) for problem in unusual[:SHOWN]),
        unusual_more=max(0, len(unusual) - SHOWN),
        changes=bool(groups or units or found.kept_as_left),
        without_mail=found.without_mail,
        losing_mail=found.losing_mail,
        leaving_to_type=found.leaving_to_type,
    )


def report(upload: UploadFacts) -> list[tuple[str, int]]:
    """The result of an import, by kind of change."""
    counts = [(people_words.change(str(c)), upload.report.get(str(c), 0)) for c in RosterChange]
    return [*counts, (_("新单位"), upload.report.get("units", 0))]


def _group(change: RosterChange, differences: Iterable[PersonDifference]) -> ImportGroup | None:
    if change is RosterChange.SAME:
        return None
    touched = [d for d in differences if d.changes[0] is change]
    if not touched:
        return None
    lines = tuple(_line(d) for d in touched[:SHOWN])
    word = people_words.change(str(change))
    return ImportGroup(str(change), word, len(touched), lines, len(touched) - len(lines))


def _line(difference: PersonDifference) -> ImportLine:
    row, standing = difference.row, difference.standing
    name = row.name if row else (standing.name if standing else "")
    return ImportLine(name, difference.staff_no, _("；").join(_said(difference)))


def _said(difference: PersonDifference) -> list[str]:
    row, standing = difference.row, difference.standing
    if row is None:
        return [_("文件里没有")]
    if standing is None:
        return [" ".join(row.unit)]
    said = [people_words.change(str(c)) for c in difference.changes[1:] if c is not RosterChange.CHANGED]
    if RosterChange.MOVED in difference.changes:
        said.append(_("单位 %(old)s → %(new)s", old=_unit(standing.unit), new=_unit(row.unit)))
    return said + [_field(name, getattr(standing, name), row) for name in difference.fields]


def _unit(path: tuple[str, ...]) -> str:
    return " ".join(path) or _("公司")


def _field(name: str, old: object, row: CheckedRow) -> str:
    new = getattr(row, name)
    if name == "gender":
        old, new = GENDERS[str(old)](), GENDERS[str(new)]()
    empty = _("空")
    column = people_words.COLUMNS[name]()
    return _("%(column)s %(old)s → %(new)s", column=column, old=old or empty, new=new or empty)


def _bad(problem: CellProblem) -> BadCell:
    value = "".join(mark if mark.isprintable() else "�" for mark in problem.value.strip())
    shown = value if len(value) <= VALUE_MOST else f"{value[:VALUE_MOST]}…"
    why = refusals.say(problem.code, {"other_line": problem.other_line, "other": problem.other})
    return BadCell(problem.line, people_words.COLUMNS[problem.column](), shown, why)
