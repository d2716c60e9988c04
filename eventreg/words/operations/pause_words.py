"""Why ordinary letters are stopped, in words."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

REASONS: dict[str, Callable[[], str]] = {
    "trouble": lambda: _("邮件服务器有问题"),
    "wrong": lambda: _("信里写错了"),
    "restored": lambda: _("刚从备份恢复"),
    "other": lambda: _("其他原因"),
}


def why(code: str) -> str:
    """The reason that was chosen."""
    return REASONS[code]() if code in REASONS else code
