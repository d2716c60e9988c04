"""The kinds of activity in words: their names, and what each parameter asks."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

Word = Callable[[], str]

KINDS: dict[str, Word] = {
    "hike": lambda: _("徒步"),
    "contest": lambda: _("分组比赛"),
    "forum": lambda: _("座谈会"),
    "award": lambda: _("评选"),
}
PARAMETERS: dict[str, Word] = {
    "hike.distance_m": lambda: _("至少走多远"),
    "hike.limit_min": lambda: _("限时"),
    "contest.teams": lambda: _("分几组"),
    "contest.team_size": lambda: _("每组几人"),
    "contest.limit_min": lambda: _("限时"),
    "contest.performs": lambda: _("哪些组表演节目"),
    "forum.women_per_team": lambda: _("每个班组至少几名女职工"),
    "award.seats": lambda: _("评出几位"),
    "award.least_chars": lambda: _("事迹材料至少多少字"),
}
UNITS: dict[str, Word] = {
    "m": lambda: _("米"),
    "min": lambda: _("分钟"),
    "teams": lambda: _("组"),
    "persons": lambda: _("人"),
    "字": lambda: _("字"),
}
CHOICES: dict[str, Word] = {
    "never_flown": lambda: _("一直没有放飞的组"),
    "lowest": lambda: _("飞得最低的组"),
    "either": lambda: _("没有放飞的组和飞得最低的组"),
}
SCHEDULES: dict[str, Word] = {
    "tentative": lambda: _("暂定"),
    "confirmed": lambda: _("确定"),
    "moved": lambda: _("改期"),
    "cancelled": lambda: _("取消"),
}


def bounds(unit: str, least: int, most: int) -> str:
    """What a number may be: 单位：米，100 到 50000."""
    return _("单位：%(unit)s，%(least)s 到 %(most)s", unit=UNITS[unit](), least=least, most=most)
