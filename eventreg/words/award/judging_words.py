"""Judging in words: parts of a panel, grounds of recusal, rules, points."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from flask_babel import gettext as _

Word = Callable[[], str]

PARTS: dict[str, Word] = {
    "judge": lambda: _("评委"),
    "chair": lambda: _("评委会主任"),
    "secretary": lambda: _("秘书（不打分）"),
    "substitute": lambda: _("候补评委"),
}
GROUNDS: dict[str, Word] = {
    "own": lambda: _("推荐的是本人"),
    "department": lambda: _("同一个部门"),
    "made": lambda: _("写过或提交过这份推荐"),
    "signed": lambda: _("给这份推荐签过字"),
    "declared": lambda: _("本人申请回避"),
    "set": lambda: _("审核人设定回避"),
}
TIES: dict[str, Word] = {
    "none": lambda: _("并列，由评委会决定"),
    "first_criterion": lambda: _("看第一条评分标准的平均分"),
    "chair": lambda: _("看评委会主任的打分（主任对任何一份都不回避时）"),
}
STANDINGS: dict[str, tuple[str, Word]] = {
    "seated": ("seated", lambda: _("已打完")),
    "waiting": ("waiting", lambda: _("还没有打完")),
    "unpledged": ("waiting", lambda: _("还没有签承诺书")),
    "left": ("withdrawn", lambda: _("已退出")),
    "no_vote": ("plain", lambda: _("不打分")),
}


def part(code: str) -> str:
    """A part in the panel."""
    return PARTS[code]()


def ground(code: str) -> str:
    """Why somebody is recused."""
    return GROUNDS[code]()


def standing(code: str) -> tuple[str, str]:
    """How far a member is: look and word."""
    look, word = STANDINGS[code]
    return look, word()


def points(value: Fraction) -> str:
    """Points with two decimals, rounded half up; the ranking itself compares exact fractions."""
    hundredths = (value * 100 + Fraction(1, 2)).__floor__()
    return f"{hundredths // 100}.{hundredths % 100:02}"


def value(score: Fraction) -> str:
    """A score as it was typed: without needless zeros."""
    return points(score).rstrip("0").rstrip(".")
