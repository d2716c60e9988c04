"""A walk in words: standings, what the organiser is asked, refusals, and acts in the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.words.times import said_at, to_second

Facts = Mapping[str, Any]


def seconds(count: int) -> str:
    """27:00, or 1:02:03 from an hour on."""
    hours, rest = divmod(count, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def standing(code: str) -> str:
    """What a walk came to."""
    return {
        "in_time": _("按时"),
        "late": _("超时"),
        "not_back": _("还没回来"),
        "left": _("没有走完"),
        "vehicle": _("乘了车"),
        "asked": _("要核对"),
    }[code]


def question(code: str) -> str:
    """Why the organiser is asked, and what to do."""
    return {
        "no_start": _("没有出发时间，请补记"),
        "several_starts": _("起点扫过几次，按哪一次算结果不一样，请选定出发时间"),
        "clock": _("手机的时钟对不上，不能只凭它算超时，请核对时间"),
        "burst": _("按的次数和扫的人数对不上，请在“对不上的到达”里核对"),
    }[code]


def note(code: str) -> str:
    """What happened on the way."""
    return {
        "vehicle": _("乘了车"),
        "gave_up": _("中途退出，人已找到"),
        "back_otherwise": _("从别处回来，没有过终点"),
    }[code]


def shown(code: str) -> str:
    """What a phone showed when it let somebody through."""
    return {"green": _("绿"), "amber": _("黄，放行"), "walk_in": _("现场登记")}.get(code, code)


SENTENCES: dict[str, Callable[[Facts], str]] = {
    "time_fix.future": lambda _f: _("这个时间还没有到，请核对"),
    "mass_start.pressed": lambda f: _(
        "已经记了一起出发（%(at)s）。要换时间，先取消这一次", at=said_at(f, "at", to_second)
    ),
    "time_fix.form": lambda _f: _("请写时间，例如 10:27 或者 10:27:30"),
    "time_fix.no_reason": lambda _f: _("请写原因，例如：起点扫早了"),
    "tap.check_point": lambda _f: _("只有终点才能记“有人过线”"),
}

ACTIONS: dict[str, Callable[[Facts], str]] = {
    "walk.started": lambda _f: _("徒步一起出发"),
    "walk.start_undone": lambda _f: _("取消徒步的一起出发"),
    "walk.tried": lambda f: ngettext(
        "把以前扫的都算试扫，共 %(num)s 人", "把以前扫的都算试扫，共 %(num)s 人", int(f.get("people", 0))
    ),
    "walk.tap_struck": lambda _f: _("划掉一次到达"),
    "walk.tap_put_back": lambda _f: _("恢复划掉的到达"),
    "walk.tap_added": lambda _f: _("补记一次到达"),
    "walk.time_fixed": lambda f: _("更正徒步时间") if f.get("time") else _("徒步的扫码不算"),
    "walk.fix_undone": lambda _f: _("撤回徒步时间的更正"),
    "walk.noted": lambda f: (
        _("记下徒步情况：%(kind)s", kind=note(str(f["kind"]))) if f.get("kind") else _("撤回徒步情况")
    ),
    "walk.exported": lambda f: ngettext(
        "导出徒步成绩 %(num)s 人", "导出徒步成绩 %(num)s 人", int(f.get("count", 0))
    ),
    "presence.exported": lambda f: ngettext(
        "导出到场情况 %(num)s 人", "导出到场情况 %(num)s 人", int(f.get("count", 0))
    ),
}
