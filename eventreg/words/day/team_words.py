"""Teams, flights and forfeits in words."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _


def team_list(numbers: Iterable[int]) -> str:
    """Some teams by number: 第 3 组、第 7 组."""
    return _("、").join(_("第 %(n)s 组", n=number) for number in numbers)


def team(number: int, name: str = "") -> str:
    """A team by its number, with its name if it has one."""
    return _("第 %(n)s 组 %(name)s", n=number, name=name) if name else _("第 %(n)s 组", n=number)


def performers(number: int, name: str, people: Iterable[str]) -> str:
    """Who performs together: a team with its people, or a hiker."""
    names = _("、").join(people)
    return _("%(team)s：%(names)s", team=team(number, name), names=names) if number else names


def flown(value: bool | None) -> str:
    """Whether a kite flew, "" while that is not noted."""
    return "" if value is None else _("放飞了") if value else _("没有放飞")


def item_state(code: str) -> str:
    """What became of a forfeit."""
    return {"due": _("还没有演"), "done": _("演过了"), "excused": _("免了")}[code]
