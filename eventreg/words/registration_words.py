"""Registrations in words, for what is no page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from flask_babel import gettext as _

STATES: dict[str, Callable[[], str]] = {
    "seated": lambda: _("已报上"),
    "waiting": lambda: _("候补中"),
    "withdrawn": lambda: _("已退出"),
}


class LabelledQuestion(Protocol):
    """What names an answer."""

    @property
    def label(self) -> str: ...
    @property
    def retired(self) -> bool: ...


REMOVALS: dict[str, Callable[[], str]] = {
    "asked": lambda: _("本人提出"),
    "absent": lambda: _("没有到场"),
    "not_eligible": lambda: _("不符合参加条件"),
    "entered_wrongly": lambda: _("登记有误"),
    "other": lambda: _("其他原因"),
}
LEFT = "left"
ENDED: dict[str, Callable[[], str]] = {
    "herself": lambda: _("本人"),
    "organiser": lambda: _("组织者办理"),
    "left": lambda: _("离职"),
    "silent": lambda: _("没有确认"),
}


def why_ended(reason: str) -> str:
    """Why somebody else ended a registration: an organiser's reason, or that its person left the company."""
    return _("名册里已离职") if reason == LEFT else REMOVALS[reason]()


def ended_by(why: str) -> str:
    """By whom or why a registration ended (`EndedWhy`), for figures."""
    return ENDED[why]()


def state(code: str) -> str:
    """A registration's state, as pages word it."""
    return STATES[code]()


def asked_label(question: LabelledQuestion) -> str:
    """A question as it names an answer; one that is asked no longer says so."""
    return _("%(label)s（以前问的）", label=question.label) if question.retired else question.label


def roster_heads() -> tuple[str, ...]:
    """The column heads of a roster, before the campaign's questions."""
    return _("编号"), _("姓名"), _("单位"), _("状态"), _("报名时间")
