"""View models of the page about how units take part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.registrations.minimums.rules import UnitStanding
from eventreg.season.minimums import BoardUnit, MinimumBoard
from eventreg.season.sign_up_gaps import UnitGap

LISTED_MOST = 30  # names in one sentence
LOOKS = {
    UnitStanding.SHORT: "refused",
    UnitStanding.NOBODY: "waiting",
    UnitStanding.EXEMPT: "waiting",
    UnitStanding.COMPLETE: "seated",
}


@dataclass(frozen=True, slots=True)
class BoardLineView:
    """A unit on the board; `look` and `word` are its state. `exemption` is the reason, or ""."""

    unit_id: int
    path: str
    look: str
    word: str
    figures: str
    exemption: str
    can_be_exempted: bool


@dataclass(frozen=True, slots=True)
class BoardView:
    """The board in words; None stands for a campaign without a minimum."""

    rule: str
    short: int
    summary: str
    lines: tuple[BoardLineView, ...]


@dataclass(frozen=True, slots=True)
class GapView:
    """A unit with the people who have not signed up: name, staff number, and what is to be known about reminding them."""

    path: str
    count: str
    people: tuple[tuple[str, str, str], ...]


def board(found: MinimumBoard) -> BoardView | None:
    """The board for the page."""
    if not found.least:
        return None
    missing = sum(line.need.missing for line in found.short)
    units = ngettext("%(num)s 个班组人数不够", "%(num)s 个班组人数不够", len(found.short))
    return BoardView(
        rule=_("每个班组至少 %(n)s 名女职工；名册里不够的，有几名算几名。", n=found.least),
        short=len(found.short),
        summary=_("%(units)s，共差 %(n)s 人", units=units, n=missing)
        if found.short
        else _("各班组人数都够了"),
        lines=tuple(_line(line) for line in found.lines),
    )


def _line(line: BoardUnit) -> BoardLineView:
    need = line.need
    words = {
        UnitStanding.SHORT: lambda: _("还差 %(n)s 人", n=need.missing),
        UnitStanding.NOBODY: lambda: _("名册里没有女职工"),
        UnitStanding.EXEMPT: lambda: _("不作要求"),
        UnitStanding.COMPLETE: lambda: _("够了"),
    }
    return BoardLineView(
        unit_id=need.unit_id,
        path=line.path,
        look=LOOKS[need.standing],
        word=words[need.standing](),
        figures=_(
            "%(n)s 人，应有 %(needed)s 人，名册里 %(women)s 名女职工",
            n=need.counted,
            needed=need.needed,
            women=need.women,
        ),
        exemption=need.exemption,
        can_be_exempted=need.standing is UnitStanding.SHORT,
    )


def gaps(found: Sequence[UnitGap]) -> tuple[GapView, ...]:
    """The units with people who have not signed up."""
    return tuple(
        GapView(
            path=gap.path,
            count=ngettext("%(num)s 人没报", "%(num)s 人没报", len(gap.people)),
            people=tuple(
                (person.name, person.staff_no, _note(person.reachable, person.reminded))
                for person in gap.people
            ),
        )
        for gap in found
    )


def _note(reachable: bool, reminded: bool) -> str:
    if not reachable:
        return _("没有邮箱")
    return _("今天提醒过") if reminded else ""


def listed(names: Sequence[str]) -> str:
    """Names in one sentence; of many the first, with how many there are."""
    shown = _("、").join(names[:LISTED_MOST])
    return _("%(names)s等 %(n)s 个", names=shown, n=len(names)) if len(names) > LISTED_MOST else shown
