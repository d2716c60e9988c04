"""An organiser's plan in words: where a campaign stands, what it lacks, what needs attention today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from .times import date_full, day, deadline, moment

Worded = Callable[[datetime | None, int], str]


def stage(code: str, *, nominations: bool = False, early: bool = False, called_off: bool = False) -> str:
    """Where a campaign stands; `early`: an organiser closed it before the deadline, `called_off`: all is cancelled."""
    if code == "closed" and called_off:
        return _("已取消")
    if code == "closed" and early:
        return _("推荐已提前截止") if nominations else _("报名已提前截止")
    if code == "open" and nominations:
        return _("推荐中")
    return {
        "draft": _("草稿"),
        "upcoming": _("还没开始报名"),
        "open": _("报名中"),
        "full": _("已报满"),
        "closed": _("报名已截止"),
        "over": _("已结束"),
    }[code]


def places(planned: int, added: int) -> str:
    """The places of a campaign: the planned ones, and those that were added for single persons."""
    if not added:
        return _("名额 %(n)s", n=planned)
    return _("名额 %(n)s，另加 %(added)s 个", n=planned, added=added)


def need(code: str, at: datetime | None, count: int) -> tuple[str, str, str]:
    """A matter of today: what it is, what about it, and the button that mends it."""
    title, text, button = NEEDS[code]
    return title(at, count), text(at, count), button(at, count)


def lack(code: str, at: datetime | None, count: int) -> str:
    """What is missing before publication, or worth a second look."""
    return LACKS[code](at, count)


def _moment(at: datetime | None) -> str:
    return moment(at) if at else ""


def _begins(at: datetime | None) -> str:
    """A midnight is a day whose hour is not settled."""
    if at is None:
        return ""
    return moment(at) if at.hour or at.minute else day(at)


def _deadline(at: datetime | None) -> str:
    return deadline(at) if at else ""


NEEDS: dict[str, tuple[Worded, Worded, Worded]] = {
    "no_device": (
        lambda _at, _n: _("还没有签到手机"),
        lambda at, _n: _("%(at)s 开始，到场要扫码签到。请先给一台手机配对。", at=_begins(at)),
        lambda _at, _n: _("配对手机"),
    ),
    "unreached": (
        lambda _at, n: ngettext("%(num)s 人没有确认，要当面问", "%(num)s 人没有确认，要当面问", n),
        lambda _at, _n: _("邮件没有及时送到，或者服务器停过，名额都还留着。请问到以后代为确认。"),
        lambda _at, _n: _("查看确认情况"),
    ),
    "draft_late": (
        lambda _at, _n: _("草稿的报名截止时间已过"),
        lambda at, _n: _("写的是 %(at)s，还没有发布。请改截止时间，或者删除草稿。", at=_deadline(at)),
        lambda _at, _n: _("查看草稿"),
    ),
    "draft_soon": (
        lambda _at, _n: _("快到开始报名的时间，还没有发布"),
        lambda at, _n: _("写的是 %(at)s 开始报名。发布以后到时才会开放。", at=_moment(at)),
        lambda _at, _n: _("查看草稿"),
    ),
    "free_while_waiting": (
        lambda _at, n: ngettext("有空名额，%(num)s 人还在候补", "有空名额，%(num)s 人还在候补", n),
        lambda _at, _n: _("他们所在单位的名额，或者留给女职工以外的名额已满。要放开，请改名额。"),
        lambda _at, _n: _("调整名额"),
    ),
    "option_full": (
        lambda _at, n: ngettext("有空名额，%(num)s 人还在候补", "有空名额，%(num)s 人还在候补", n),
        lambda _at, _n: _("报名表里有的选项已满，他们在等。要放开，请改选项的名额。"),
        lambda _at, _n: _("调整选项的名额"),
    ),
    "tentative_soon": (
        lambda _at, _n: _("一周内的日程还是暂定"),
        lambda at, _n: _("定在 %(at)s 的项目还没有确定。定下来就改，会通知每个报了名的人。", at=_begins(at)),
        lambda _at, _n: _("确定日程"),
    ),
    "closes_soon": (
        lambda _at, _n: _("报名快截止了"),
        lambda at, _n: _("%(at)s 截止。还有空名额的话，提醒一下大家。", at=_deadline(at)),
        lambda _at, _n: _("查看名单"),
    ),
    "removed_soon": (
        lambda _at, _n: _("个人信息快到期了"),
        lambda at, _n: _(
            "保存到 %(day)s，过后自动删除。还要用的名单，先导出。", day=date_full(at) if at else ""
        ),
        lambda _at, _n: _("看看会删什么"),
    ),
    "nominations_close_soon": (
        lambda _at, _n: _("推荐快截止了"),
        lambda at, _n: _("%(at)s 截止。还没有推荐的部门，提醒一下。", at=_deadline(at)),
        lambda _at, _n: _("活动设置"),
    ),
}
LACKS: dict[str, Worded] = {
    "no_intro": lambda _at, _n: _("还没有介绍，写几句是什么活动"),
    "no_notice": lambda _at, _n: _("还没有个人信息说明，不能收报名"),
    "deadline_passed": lambda at, _n: _("报名截止 %(at)s 已经过了，请改晚", at=_deadline(at)),
    "closes_before_opening": lambda at, _n: _("报名 %(at)s 才开始，截止要在那以后", at=_moment(at)),
    "closes_after_start": lambda at, _n: _("活动 %(at)s 开始，报名截止要在那以前", at=_moment(at)),
    "erased_before_end": lambda at, _n: _(
        "活动到 %(day)s 才结束，个人信息要保存到那以后", day=date_full(at) if at else ""
    ),
    "no_activities": lambda _at, _n: _("还没有项目，至少加一个"),
    "day_passed": lambda at, _n: _("有项目的日期 %(at)s 已经过了，请改", at=_moment(at)),
    "far_away": lambda at, _n: _("活动在 %(day)s，离现在一年多，年份对吗？", day=date_full(at) if at else ""),
    "no_places": lambda _at, _n: _("总名额是 0，没有人能报上"),
    "until_does_not_fit": lambda _at, _n: _("“名额”里留到的时间已经过了，或者离活动开始不到一天，请改"),
    "allotted_more": lambda _at, n: _("分给单位的名额比总名额多 %(n)s 个，先到的单位会先占满", n=n),
    "no_quotas": lambda _at, _n: _("还没有给任何单位分名额，发布了也没有人能推荐"),
    "few_quotas": lambda _at, n: _("一共只分了 %(n)s 个名额，选的余地不大", n=n),
    "teams_do_not_fill": lambda _at, n: _("分组正好要 %(n)s 人，和总名额对不上", n=n),
}
