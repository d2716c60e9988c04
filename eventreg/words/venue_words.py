"""Check points and scans in words."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from . import refusals, registration_words


def point(code: str, name: str = "") -> str:
    """A check point's name: as organisers wrote it, else one of the three that every campaign has."""
    return name or {"door": _("入场"), "start": _("起点"), "finish": _("终点")}.get(code, code)


def role(code: str) -> str:
    """What a check point is for."""
    return {"in": _("入场"), "start": _("起点"), "finish": _("终点"), "other": _("其他")}[code]


def visit(*, point_name: str, at: str, door: str) -> str:
    """Where and when somebody was scanned in."""
    return _("%(point)s %(at)s，%(door)s", point=point_name, at=at, door=door)


def present(count: int, *, seated: int) -> str:
    """How many of those with a place came."""
    return _("到场 %(n)s / %(all)s", n=count, all=seated)


def scanned(verdict: str, *, point_name: str, why: str) -> str:
    """A scan in the history of a registration: what it was answered."""
    if verdict == "admitted":
        return _("扫码签到：%(point)s", point=point_name)
    if verdict == "repeated":
        return _("又扫了一次，已签到：%(point)s", point=point_name)
    return _("扫码没有通过：%(point)s。%(why)s", point=point_name, why=why)


def repeated(*, at: str, door: str) -> str:
    """Who was counted before: when, and where."""
    return _("%(at)s 已在“%(door)s”签到。请核对本人，再决定是否放行", at=at, door=door)


def admitted(*, at: str, point_name: str, rank: int) -> str:
    """Counted now, as which one at this check point. The door needs no name: `point_name` is empty for it."""
    if not point_name:
        return _("%(at)s 签到（第 %(n)s 位）", at=at, n=rank)
    return _("%(at)s %(point)s签到（第 %(n)s 位）", at=at, point=point_name, n=rank)


def entered_at_door(rank: int) -> str:
    """Somebody without a registration was entered at the desk, and counted as this one there."""
    return _("已登记并签到（第 %(n)s 位）", n=rank)


def conflict(kind: str, *, scans: Sequence[tuple[str, str]], why: str) -> str:
    """What differs from what a phone showed: the scans of a ticket, or why somebody is refused who went in."""
    times = _("、").join(_("%(at)s “%(door)s”", at=at, door=door) for at, door in scans)
    if kind == "twice":
        return _("同一张票扫了几次，只算一次：%(scans)s", scans=times)
    if kind == "released":
        return _("扫过的票，核对后放行：%(scans)s", scans=times)
    return _("已经放行（%(scans)s），服务器没有同意：%(why)s", scans=times, why=why)


def refused_line(number: int, *, at: str, why: str) -> str:
    """A line of a phone's file that was not stored; `at` is its time as the file has it."""
    if not at:
        return _("第 %(n)s 条：%(why)s", n=number, why=why)
    return _("第 %(n)s 条（%(at)s）：%(why)s", n=number, at=at, why=why)


def why_refused(code: str, *, n: int = 0) -> str:
    """Why somebody was refused, as said to the one who stands at the desk; `n` people come before them."""
    if code in registration_words.WHY_NOT:
        return registration_words.why_not(code, {})
    return refusals.say(code, {"n": n})
