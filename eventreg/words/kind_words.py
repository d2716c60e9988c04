"""The words of kinds of activity: they stand in `campaigns/kinds` as message ids and are translated here."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from eventreg.core.msgids import Sentence

SCHEDULES: dict[str, Callable[[], str]] = {
    "tentative": lambda: _("暂定"),
    "confirmed": lambda: _("确定"),
    "moved": lambda: _("改期"),
    "cancelled": lambda: _("取消"),
}


def translated(text: str | Sentence | None) -> str:
    """A message id, or one with its facts, in the language being spoken; nothing for None."""
    if text is None:
        return ""
    if isinstance(text, str):
        return _(text)
    facts = {k: translated(v) if isinstance(v, Sentence) else v for k, v in text.facts.items()}
    return _(text.msgid, **facts)


def bounds(unit: str, least: int, most: int) -> str:
    """What a number may be: 单位：米，100 到 50000. `unit` is a message id."""
    return _("单位：%(unit)s，%(least)s 到 %(most)s", unit=translated(unit), least=least, most=most)
