"""A campaign's rules in plain words, from plain facts."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from .times import deadline


def admission_rules(*, capacity: int | None, closes_at: datetime, bounded: bool) -> list[str]:
    """First come, first served, as an employee reads it; `bounded`: some places are for a unit or a gender only."""
    if capacity is None:
        return [
            _("总名额不限。") if bounded else _("名额不限，报名就有一席。"),
            _("按系统收到的先后编号，编号不再变动。"),
            _("报名截止 %(at)s；活动开始前都可以自己退出。", at=deadline(closes_at)),
        ]
    return [
        _("先到先得：按系统收到的先后编号，不看部门，不看职务。"),
        _("报满 %(n)s 人后，再报的进入候补，同样按编号排队。", n=capacity),
        _("有人退出，名额当即按编号给候补里能用的第一位，并发邮件告知。")
        if bounded
        else _("有人退出，名额当即给候补第一位，并发邮件告知。"),
        _("报名截止 %(at)s；活动开始前都可以自己退出。", at=deadline(closes_at)),
    ]


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


def sentence(words: str) -> str:
    """Words as a sentence of their own."""
    return _("%(words)s。", words=words)


GENDERS = {"female": lambda: _("女"), "male": lambda: _("男")}
