"""Reminders in words: to whom, when, and how far they are. A room words its own audience here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time

from flask_babel import gettext as _
from flask_babel import ngettext

AUDIENCES: dict[str, Callable[[], str]] = {
    "seated": lambda: _("报上的人"),
    "waiting": lambda: _("候补的人"),
    "unsigned": lambda: _("还没有报名的在职职工"),
    "organisers": lambda: _("活动的组织者（当天用的签到表、胸牌等）"),
    "drafting": lambda: _("推荐还是草稿的部门联系人"),
    "signing": lambda: _("还没有签字的部门负责人"),
    "consenting": lambda: _("还没有回复的被推荐人"),
    "unreceived": lambda: _("还没有交纸质推荐表的部门联系人"),
}

ANCHORS: dict[str, Callable[[], str]] = {
    "opening": lambda: _("开始报名"),
    "deadline": lambda: _("截止报名"),
    "start": lambda: _("活动开始"),
    "end": lambda: _("活动结束"),
}

LENGTHS: dict[str, Callable[[int], str]] = {
    "days": lambda n: ngettext("%(num)s 天", "%(num)s 天", n),
    "hours": lambda n: ngettext("%(num)s 小时", "%(num)s 小时", n),
    "minutes": lambda n: ngettext("%(num)s 分钟", "%(num)s 分钟", n),
}

MEASURES: dict[str, Callable[[], str]] = {
    "days": lambda: _("天，到一个钟点"),
    "hours": lambda: _("小时"),
    "minutes": lambda: _("分钟"),
}

LACKS: dict[str, Callable[[], str]] = {
    "no_activity": lambda: _("还没有项目，日程定了才知道什么时候发"),
    "called_off": lambda: _("活动取消了，不发；恢复以后照原来的时间发"),
    "hour_unknown": lambda: _("项目的钟点还没有定，定了才发"),
}


def audience(code: str) -> str:
    """Who gets it."""
    return AUDIENCES[code]() if code in AUDIENCES else code


def anchor(code: str, activity: str = "") -> str:
    """What it is counted from; an activity by its title."""
    if not activity:
        return ANCHORS[code]()
    if code == "start":
        return _("“%(activity)s”开始", activity=activity)
    return _("“%(activity)s”结束", activity=activity)


def side(counted_from: str, code: str) -> str:
    """活动开始以前, or before the start."""
    if code == "before":
        return _("%(anchor)s以前", anchor=counted_from)
    return _("%(anchor)s以后", anchor=counted_from)


def timing(counted_from: str, side: str, amount: int, measure: str, at: time | None) -> str:
    """活动开始前 3 天，09:00, or 3 days before the start, at 09:00."""
    clock = f"{at:%H:%M}" if at else ""
    if at and not amount:
        return _("%(anchor)s当天 %(clock)s", anchor=counted_from, clock=clock)
    length = LENGTHS[measure](amount)
    if side == "before":
        said = _("%(anchor)s前 %(length)s", anchor=counted_from, length=length)
    else:
        said = _("%(anchor)s后 %(length)s", anchor=counted_from, length=length)
    return _("%(when)s，%(clock)s", when=said, clock=clock) if at else said


def progress(code: str, *, told: int, on: bool, published: bool) -> tuple[str, str]:
    """How far a rule is: the look of its state, and a word."""
    if code == "made":
        return "seated", ngettext("已发给 %(num)s 人", "已发给 %(num)s 人", told)
    if not on:
        return "lapsed", _("停着")
    if code == "passed":
        return "lapsed", _("时间已过，没有发")
    if code == "unset":
        return "waiting", _("等日程")
    return ("waiting", _("到时候发")) if published else ("waiting", _("发布以后才发"))


def shifted(asked: str, moved: str) -> str:
    """An hour that summer time skips."""
    return _("这一天没有 %(asked)s（夏令时跳过了），改在 %(moved)s 发", asked=asked, moved=moved)


def reach(people: int, without_mailbox: int) -> str:
    """How many it goes to."""
    said = ngettext("现在是 %(num)s 人", "现在是 %(num)s 人", people)
    if not without_mailbox:
        return said
    silent = ngettext("其中 %(num)s 人没有邮箱", "其中 %(num)s 人没有邮箱", without_mailbox)
    return _("%(people)s，%(silent)s", people=said, silent=silent)
