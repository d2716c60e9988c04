"""Registrations in words, for what is no page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from flask_babel import gettext as _

from .times import deadline, moment, said_at

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


# The public reasons of acts by hand (`registrations/by_hand/rules.py:HandReason`).
HAND_REASONS: dict[str, Callable[[], str]] = {
    "asked": lambda: _("本人提出"),
    "paper": lambda: _("交来纸质报名表"),
    "duty": lambda: _("工作需要"),
    "unit_list": lambda: _("单位统一报名"),
    "place_added": lambda: _("组织者增加名额"),
    "exception": lambda: _("组织者特批"),
    "absent": lambda: _("没有到场"),
    "not_eligible": lambda: _("不符合参加条件"),
    "entered_wrongly": lambda: _("登记有误"),
    "other": lambda: _("其他原因"),
}
HAND_ACTS: dict[str, Callable[[], str]] = {
    "enter": lambda: _("代为报名"),
    "take_out": lambda: _("办理退出"),
    "correct": lambda: _("更正填写内容"),
}
LEFT, SILENT = "left", "silent"
ENDED: dict[str, Callable[[], str]] = {
    "herself": lambda: _("本人"),
    "organiser": lambda: _("组织者办理"),
    "left": lambda: _("离职"),
    "silent": lambda: _("没有确认"),
}


def why_ended(reason: str) -> str:
    """Why a registration ended: an organiser's reason, that its person left the company, or did not confirm in time."""
    if reason == SILENT:
        return _("到时没有收到确认")
    return _("名册里已离职") if reason == LEFT else HAND_REASONS[reason]()


def hand_reason(code: str) -> str:
    """The public reason of an act by hand; "" for none."""
    return HAND_REASONS[code]() if code else ""


def hand_act(code: str) -> str:
    """What was done by hand."""
    return HAND_ACTS[code]()


def ended_by(why: str) -> str:
    """By whom or why a registration ended (`EndedWhy`), for figures."""
    return ENDED[why]()


def asked_until(at: datetime, *, late: bool) -> str:
    """Until when somebody is asked to confirm; `late`: it has passed, and they keep the place, since no mail reached them."""
    return _("还没有确认，请尽快确认") if late else _("请在 %(at)s 前确认", at=deadline(at))


def state(code: str) -> str:
    """A registration's state, as pages word it."""
    return STATES[code]()


def asked_label(question: LabelledQuestion) -> str:
    """A question as it names an answer; one that is asked no longer says so."""
    return _("%(label)s（以前问的）", label=question.label) if question.retired else question.label


def roster_heads() -> tuple[str, ...]:
    """The column heads of a roster, before the campaign's questions."""
    return _("编号"), _("姓名"), _("工号"), _("性别"), _("单位"), _("状态"), _("报名时间")


# Why somebody cannot be entered, told to the organiser or contact who enters them: not "you".
WHY_NOT: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "registration.closed": lambda f: _("报名已在 %(at)s 截止", at=said_at(f, "closed_at", deadline)),
    "registration.not_open_yet": lambda f: _("报名 %(at)s 才开放", at=said_at(f, "opens_at", moment)),
    "registration.not_for_you": lambda _f: _("不在参加范围里"),
    "registration.left": lambda _f: _("名册里已离职"),
    "registration.called_off": lambda _f: _("活动已经取消"),
    "registration.started": lambda f: _("活动已在 %(at)s 开始", at=said_at(f, "started_at", moment)),
    "registration.exists": lambda _f: _("已经报过名"),
    "registration.one_of_taken": lambda _f: _("已经报了只能选一项的另一项活动"),
}


def why_not(code: str, facts: Mapping[str, Any]) -> str:
    """Why somebody else cannot be entered."""
    return WHY_NOT[code](facts) if code in WHY_NOT else code
