"""Who gets the letters of a change, in words."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

STATES = {
    "seated": lambda: _("报上的"),
    "waiting": lambda: _("候补的"),
    "withdrawn": lambda: _("退出的"),
    "": lambda: _("收信的"),
}


def who(state: str, people: int, *, without_mailbox: int) -> str:
    """How many people of which state get a letter, and how many of them have no mailbox."""
    if without_mailbox:
        return ngettext(
            "%(who)s %(num)s 人，每人一封邮件，其中 %(without)s 人没有邮箱，要当面告诉。",
            "%(who)s %(num)s 人，每人一封邮件，其中 %(without)s 人没有邮箱，要当面告诉。",
            people,
            who=STATES[state](),
            without=without_mailbox,
        )
    return ngettext(
        "%(who)s %(num)s 人，每人一封邮件。",
        "%(who)s %(num)s 人，每人一封邮件。",
        people,
        who=STATES[state](),
    )


def groups(count: int) -> str:
    """How many group chats get the news."""
    return ngettext("发到 %(num)s 个群。", "发到 %(num)s 个群。", count)
