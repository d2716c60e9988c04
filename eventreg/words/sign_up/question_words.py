"""Questions and their answers in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from flask_babel import gettext as _

from eventreg.words import times

KINDS: dict[str, tuple[Callable[[], str], Callable[[], str]]] = {
    "text": (lambda: _("文字，一行"), lambda: _("例如：衣服的尺码")),
    "paragraph": (lambda: _("文字，可以写几行"), lambda: _("例如：备注")),
    "phone": (lambda: _("手机号"), lambda: _("11 位数字")),
    "number": (lambda: _("数字"), lambda: _("例如：带几名家属")),
    "date": (lambda: _("日期"), lambda: _("在日历上选一天")),
    "choice": (lambda: _("单选"), lambda: _("选一项；每一项可以有自己的名额，例如几号车")),
    "choices": (lambda: _("多选"), lambda: _("可以选几项；每一项可以有自己的名额")),
    "yes": (lambda: _("是或否"), lambda: _("例如：是否坐车")),
}


class WordedOption(Protocol):
    """An option with its words."""

    @property
    def code(self) -> str: ...
    @property
    def label(self) -> str: ...


class WordedQuestion(Protocol):
    """A question whose answers are shown."""

    @property
    def kind(self) -> str: ...
    @property
    def options(self) -> Iterable[WordedOption]: ...


def kind(code: str) -> str:
    """A kind of question."""
    return KINDS[code][0]()


def about_kind(code: str) -> str:
    """What a kind of question is for."""
    return KINDS[code][1]()


def answer(question: WordedQuestion, value: str) -> str:
    """A stored answer as it is read: the words of the options chosen, yes or no, a day in full."""
    if question.kind in {"choice", "choices"}:
        labels = {option.code: option.label for option in question.options}
        codes = value.split()
        return _("、").join(labels[code] for code in codes) if labels.keys() >= set(codes) else value
    if question.kind == "yes":
        return {"yes": _("是"), "no": _("否")}.get(value, value)
    return times.date_typed(value) if question.kind == "date" else value
