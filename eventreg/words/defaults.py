"""What the plan left open and the product filled in, said where people read it."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

DEFAULTS: dict[str, Callable[[], str]] = {
    "deadline": lambda: _("报名截止的时间"),
    "deadline_day": lambda: _("“2月27日之前”不含 27 日当天，到 26 日 24:00 为止"),
    "admission": lambda: _("名额按先到先得分配，男女职工同等排序"),
    "performs": lambda: _("风筝赛里，没放飞的组和最低的组都表演"),
    "unlimited": lambda: _("座谈会不设人数上限"),
}
