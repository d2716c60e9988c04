"""Audit rows about teams, draws and forfeits in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.words.day import team_words

Facts = Mapping[str, Any]


def _flight(facts: Facts) -> str:
    team, rank = team_words.team(int(facts.get("team") or 0)), facts.get("rank")
    what = team_words.flown(facts.get("flown")) or _("还没有记")
    if rank:
        return _("%(team)s的成绩：%(what)s，第 %(rank)s 名", team=team, what=what, rank=rank)
    return _("%(team)s的成绩：%(what)s", team=team, what=what)


def _passed_over(facts: Facts) -> str:
    if facts.get("reason") == "not_there":
        return _("起点补人时跳过：没有站在起点，编号不变")
    return _("递补时跳过：这一类名额已满")


ACTIONS: dict[str, Callable[[Facts], str]] = {
    "draw.made": lambda _f: _("抽签分组，公布种子"),
    "draw.prepared": lambda f: ngettext(
        "准备抽签，公布种子的指纹，参加的有 %(num)s 人",
        "准备抽签，公布种子的指纹，参加的有 %(num)s 人",
        int(f.get("n", 0)),
    ),
    "flight.noted": _flight,
    "forfeits.changed": lambda _f: _("改节目单"),
    "round.started": lambda _f: _("比赛开始计时"),
    "round.undone": lambda _f: _("撤回比赛的开始"),
    "teams.changed": lambda f: ngettext(
        "手工调整分组，动了 %(num)s 人", "手工调整分组，动了 %(num)s 人", int(f.get("people", 0))
    ),
    "teams.formed": lambda f: ngettext("编组：%(num)s 组", "编组：%(num)s 组", int(f.get("teams", 0))),
    "registration.passed_over": _passed_over,
    "registration.stood_in": lambda _f: _("在起点补上，候补转为已报上"),
}
