"""A campaign's rules in plain words, from plain facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from .times import deadline, moment


def admission_rules(*, capacity: int | None, closes_at: datetime, bounded: bool) -> list[str]:
    """First come, first served, as an employee reads it; `bounded`: some places are for a unit or a gender only."""
    if capacity is None:
        return [
            _("总名额不限。") if bounded else _("名额不限，报名即可参加。"),
            _("按系统收到的先后编号，编号不再变动。"),
            _("报名截止 %(at)s；活动开始前都可以自己退出。", at=deadline(closes_at)),
        ]
    return [
        _("按系统收到的先后编号，编号不再变动。")
        if bounded
        else _("先到先得：按系统收到的先后编号，不看部门，不看职务。"),
        _("报满 %(n)s 人后，再报的进入候补，同样按编号排队。", n=capacity),
        _("有人退出，名额当即按编号给候补里能用的第一位，并发邮件告知。")
        if bounded
        else _("有人退出，名额当即给候补第一位，并发邮件告知。"),
        _("报名截止 %(at)s；活动开始前都可以自己退出。", at=deadline(closes_at)),
    ]


def offers(hours: int, minutes: int) -> str:
    """That a place which becomes free near the start is offered first."""
    return _(
        "开始前 %(hours)s 小时以内空出的名额要先确认：%(minutes)s 分钟里没有回音，给下一位。21:00 到 08:00 不算；来不及的直接给。",
        hours=hours,
        minutes=minutes,
    )


def called_off(when: str) -> str:
    """Of an event that does not take place: that, and when it would have been."""
    return _("已取消，原定 %(when)s", when=when)


def unit_bound(unit: str, places: int) -> str:
    """What a unit's allocation says."""
    return _("%(unit)s最多 %(n)s 人", unit=unit, n=places)


def gender_bound(gender: str, places: int) -> str:
    """What a cap on one gender says: the rest is kept for the other."""
    if gender == "male":
        return _("男职工最多 %(n)s 人，其余留给女职工", n=places)
    return _("女职工最多 %(n)s 人", n=places)


def women_first(until: datetime) -> str:
    """Women first until an instant."""
    return _(
        "%(at)s 前名额先给女职工，男职工先候补；从那时起，余下的名额按编号给所有候补的人", at=moment(until)
    )


def kept_for_women(places: int, until: datetime) -> str:
    """Places kept for women until an instant."""
    return _(
        "其中 %(n)s 个名额为女职工留到 %(at)s；没有用完的，从那时起按编号给所有候补的人",
        n=places,
        at=moment(until),
    )


def allotted(places: int, until: datetime) -> str:
    """Places reserved for units until an instant; `places` are those for everybody else."""
    return _(
        "分给各单位的名额留到 %(at)s，其他单位共用 %(n)s 个；没有用完的，从那时起按编号给所有候补的人",
        n=places,
        at=moment(until),
    )


def allotment(unit: str, places: int) -> str:
    """The places reserved for a unit."""
    return _("%(unit)s %(n)s 个", unit=unit, n=places)


def eligible(gender: str | None, units: Sequence[str], listed: int) -> str:
    """Who may sign up, where that is not everybody."""
    genders = {"female": _("只限女职工"), "male": _("只限男职工")}
    parts = [genders[gender]] if gender else []
    if units:
        parts.append(_("只限 %(units)s", units=_("、").join(units)))
    if listed:
        parts.append(ngettext("只限名单上的 %(num)s 人", "只限名单上的 %(num)s 人", listed))
    return _("，").join(parts)


RESTRICTIONS: dict[str, dict[str, Callable[[], str]]] = {
    "gender": {"female": lambda: _("面向女职工"), "male": lambda: _("面向男职工")},
    "unit": {"": lambda: _("面向其他单位")},
    "list": {"": lambda: _("只面向名单上的人")},
}


def restriction(code: str, gender: str | None) -> str:
    """Why an event is not for the reader, in few words."""
    words = RESTRICTIONS[code]
    return words.get(gender or "", words.get("", lambda: ""))()


def sentence(words: str) -> str:
    """Words as a sentence of their own."""
    return _("%(words)s。", words=words)


GENDERS = {"female": lambda: _("女"), "male": lambda: _("男")}
