"""The old and new values of a change in the audit trail, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from eventreg.campaigns.kinds import OneOf, kind_of
from eventreg.words import kind_words, times
from eventreg.words.award import award_words
from eventreg.words.campaign_words import GENDERS
from eventreg.words.delivery import reminder_words

Values = Mapping[str, Any]
Line = tuple[
    str, str, str, str
]  # what, its old value, its new value, and nothing else (as `ui/date_changes.html` takes it)

TONGUES = {"zh-CN": "中文", "en": "English"}
LABELS: dict[str, Callable[[], str]] = {
    "title": lambda: _("名称"),
    "slug": lambda: _("网址"),
    "intro": lambda: _("介绍"),
    "audience": lambda: _("谁能参加"),
    "lang": lambda: _("活动内容用的语言"),
    "timezone": lambda: _("时区"),
    "opens_at": lambda: _("开始报名的时间"),
    "closes_at": lambda: _("报名截止"),
    "retain_until": lambda: _("个人信息保存到"),
    "archive_until": lambda: _("档案保存到"),
    "starts_at": lambda: _("时间"),
    "place": lambda: _("地点"),
    "schedule": lambda: _("日程"),
    "label": lambda: _("题目"),
    "hint": lambda: _("说明"),
    "purpose": lambda: _("用途"),
    "required": lambda: _("必填"),
    "options": lambda: _("选项"),
    "least": lambda: _("最少"),
    "most": lambda: _("最多"),
    "total": lambda: _("总名额"),
    "places": lambda: _("选项的名额"),
    "gender": lambda: _("性别"),
    "units": lambda: _("单位"),
    "listed": lambda: _("名单上的人数"),
    "anchor": lambda: _("什么时候发"),
    "unit_id": lambda: _("单位"),
    "text_zh-CN": lambda: _("中文"),
    "text_en": lambda: _("英文"),
    "women_only": lambda: _("只推荐女职工"),
    "who": lambda: _("谁可以写推荐"),
    "counted": lambda: _("按哪个数来检查"),
    "offer_from_h": lambda: _("开始前多少小时以内先问"),
    "offer_minutes": lambda: _("给多少分钟答复"),
}
INSTANTS = frozenset({"opens_at", "closes_at"})
CODES: dict[str, dict[str, Callable[[], str]]] = {
    "schedule": kind_words.SCHEDULES,
    "gender": GENDERS,
    "audience": reminder_words.AUDIENCES,
    "counted": {code: word for code, (word, _hint) in award_words.COUNTED.items()},
    "who": {code: word for code, (word, _hint) in award_words.WHO.items()},
}


def changes(facts: Values, *, zone: ZoneInfo, units: Mapping[int, str]) -> tuple[Line, ...]:
    """What an audit entry says about old and new values, a line each; empty for entries of older versions."""
    was, became = facts.get("was"), facts.get("became")
    if not isinstance(was, Mapping) or not isinstance(became, Mapping):
        return ()
    lines: list[Line] = []
    for name in became:
        if name == "parameters":
            lines += _parameters(str(facts.get("kind")), was[name], became[name])
        elif name == "narrower":
            lines += _narrower(was[name], became[name], units)
        elif name == "notice_id":
            lines.append((_("个人信息说明"), "", _("已改"), ""))
        elif name in LABELS:
            old, new = (_value(name, values, zone, units) for values in (was, became))
            label = _("发给谁") if name == "audience" and "anchor" in became else LABELS[name]()
            lines.append((label, old, new, ""))
    return tuple(line for line in lines if line[1] != line[2])


def _value(name: str, values: Values, zone: ZoneInfo, units: Mapping[int, str]) -> str:
    """One value in words."""
    value = values.get(name)
    if name == "total" and value is None:
        return _("不限")
    if name.startswith("text_") and value is None:
        return _("原文")
    if value is None or value == "" or value == []:
        return _("没有")
    if name == "starts_at":
        return _hours(values, zone)
    if name == "anchor":
        return _timing(values)
    if name in INSTANTS:
        return times.moment_full(datetime.fromisoformat(value).astimezone(zone))
    if name in ("retain_until", "archive_until"):
        return times.date_full(date.fromisoformat(value))
    return _plain(name, value, units)


def _plain(name: str, value: Any, units: Mapping[int, str]) -> str:
    if isinstance(value, str) and value in CODES.get(name, {}):
        return CODES[name][value]()
    if name == "lang":
        return str(TONGUES.get(value, value))
    if name in {"required", "women_only"}:
        return _("是") if value else _("否")
    if name == "options":
        return _("、").join(str(option.get("label", "")) for option in value)
    if name in {"units", "unit_id"}:
        return _("、").join(units.get(id_, str(id_)) for id_ in (value if name == "units" else [value]))
    if name == "places":
        return _("、").join(str(value[code]) for code in sorted(value)) or _("不限")
    return str(value)


def _hours(values: Values, zone: ZoneInfo) -> str:
    """From when to when: 3月5日(周五) 09:00 至 10:30, or the day alone."""
    starts = datetime.fromisoformat(values["starts_at"]).astimezone(zone)
    known = bool(values.get("time_known"))
    said = times.start(starts, time_known=known)
    if not known or "ends_at" not in values:
        return said
    ends = datetime.fromisoformat(values["ends_at"]).astimezone(zone)
    return _("%(start)s 至 %(end)s", start=said, end=times.clock(ends))


def _timing(values: Values) -> str:
    """When a reminder is due: 活动开始前 3 天，09:00."""
    minute = values.get("at_minute")
    at = None if minute is None else time(*divmod(int(minute), 60))
    counted_from = reminder_words.anchor(str(values["anchor"]))
    return reminder_words.timing(
        counted_from, str(values["side"]), int(values["amount"]), str(values["measure"]), at
    )


def _parameters(kind: str, was: Values, became: Values) -> list[Line]:
    limits = kind_of(kind).limits
    lines = []
    for name in sorted(became.keys() & limits.keys()):
        limit = limits[name]
        old, new = str(was.get(name, "")), str(became[name])
        if isinstance(limit, OneOf):
            old, new = (kind_words.translated(limit.choices.get(value)) for value in (old, new))
        lines.append((kind_words.translated(limit.label), old, new, ""))
    return lines


def _narrower(was: Values, became: Values, units: Mapping[int, str]) -> list[Line]:
    """The bounds of units and genders, by name."""
    lines = []
    for key in sorted(was.keys() | became.keys()):
        scope, _sep, of = key.partition(":")
        label = _("其余单位的名额")
        if scope == "unit":
            label = _("%(unit)s的名额", unit=units.get(int(of), of))
        if scope == "gender":
            label = _("男职工名额") if of == "male" else _("女职工名额")
        old, new = (str(values.get(key, "")) or _("不限") for values in (was, became))
        lines.append((label, old, new, ""))
    return lines
