"""The stages of an award, and what does not fit in their days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from eventreg.words.times import date_full

STAGES: dict[str, Callable[[], str]] = {
    "nominate": lambda: _("推荐"),
    "screen": lambda: _("资格审查"),
    "judge": lambda: _("评审"),
    "notice": lambda: _("公示"),
    "approve": lambda: _("审批"),
    "ceremony": lambda: _("表彰"),
}
REMARKS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "before_the_deadline": lambda f: _("推荐到 %(day)s 才截止", day=date_full(f["day"])),
    "before_the_former": lambda f: _("早于前一个阶段（%(former)s）", former=stage(f["former"])),
    "notice_not_over": lambda f: _("前一个阶段（%(former)s）还没有结束", former=stage(f["former"])),
    "notice_short": lambda f: _("只有 %(n)s 个工作日，公示要 %(wanted)s 个", n=f["n"], wanted=f["wanted"]),
    "no_working_day": lambda _f: _("没有一个工作日"),
    "year_unknown": lambda f: _("%(year)s 年的放假安排还没有公布，暂按周一至周五计算", year=f["year"]),
}


def stage(code: str) -> str:
    """The name of a stage."""
    return STAGES[code]()


def remark(code: str, facts: Mapping[str, Any]) -> str:
    """What does not fit, without the stage's name."""
    return REMARKS[code](facts)
