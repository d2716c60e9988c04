"""Check points and scans in words."""

from __future__ import annotations

from flask_babel import gettext as _


def point(code: str) -> str:
    """A check point's name."""
    return {"door": _("入场"), "start": _("起点"), "finish": _("终点")}[code]


def repeated(*, at: str, door: str) -> str:
    """Who was counted before: when, and where."""
    return _("%(at)s 已在“%(door)s”签到。请核对本人，再决定是否放行", at=at, door=door)


def admitted(*, at: str, point_name: str) -> str:
    """Counted now."""
    return _("%(at)s，%(point)s已签到", at=at, point=point_name)
