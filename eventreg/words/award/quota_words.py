"""A quota table in words: how it was made, and which lines of a file were not taken."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

Word = Callable[[], str]

LINE_FAULTS: dict[str, Word] = {
    "unknown": lambda: _("系统里没有这个单位，请核对名称"),
    "unnamed": lambda: _("没有写单位"),
    "twice": lambda: _("这个单位写了不止一行，请留一行"),
    "blank": lambda: _("没有写名额；一个也没有请写 0"),
    "merged": lambda: _("名额是合并的单元格，看不出每个单位几个。请拆开，每个单位写一个数"),
    "number": lambda: _("名额要写 0 到 10000 的整数，例如 3 或 3人"),
}


def skipped_line(line: int, fault: str, *, unit: str, places: str) -> str:
    """Why a line of a file was not taken, with what stands in it."""
    values = {"line": line, "unit": unit, "places": places, "why": LINE_FAULTS[fault]()}
    if unit and places:
        return _("第 %(line)s 行“%(unit)s”，名额“%(places)s”：%(why)s", **values)
    if unit:
        return _("第 %(line)s 行“%(unit)s”：%(why)s", **values)
    return _("第 %(line)s 行，名额“%(places)s”：%(why)s", **values)


def adjusted(by_rule: int, *, added: int, removed: int, total: int) -> str:
    """How many places come from the rule and how many were changed by hand; empty if none was."""
    values = {"n": by_rule, "added": added, "removed": removed, "total": total}
    if added and removed:
        return _("按规则 %(n)s 个，手工调增 %(added)s 个、调减 %(removed)s 个，共 %(total)s 个。", **values)
    if added:
        return _("按规则 %(n)s 个，手工调整 %(added)s 个，共 %(total)s 个。", **values)
    if removed:
        return _("按规则 %(n)s 个，手工调减 %(removed)s 个，共 %(total)s 个。", **values)
    return ""
