"""The papers of the day in words."""

from __future__ import annotations

from flask_babel import gettext as _


def kind(code: str) -> str:
    """The name of a paper."""
    return {
        "sign_in": _("签到表"),
        "badges": _("胸牌"),
        "teams": _("分组表"),
        "results": _("徒步成绩单"),
        "booklet": _("推荐表合订本"),
        "forms": _("推荐表，每人一份"),
    }[code]


def number(arrival: int) -> str:
    """The number of a registration on a badge."""
    return _("编号 %(n)s", n=arrival)


def sign_in_heads() -> tuple[str, ...]:
    """The columns of the sign-in sheet."""
    return _("编号"), _("姓名"), _("单位"), _("签到"), _("备注")


def team_heads() -> tuple[str, ...]:
    """The columns of the list of teams."""
    return _("组"), _("姓名"), _("单位"), _("编号"), _("备注")


def result_heads() -> tuple[str, ...]:
    """The columns of the results of a walk."""
    return _("姓名"), _("单位"), _("出发"), _("到达"), _("用时"), _("结果")
