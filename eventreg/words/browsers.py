"""A browser in words, from its user agent."""

from __future__ import annotations

from flask_babel import gettext as _

# The first that is named in a user agent: later ones name earlier ones to be let in everywhere.
PROGRAMS = (
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
DEVICES = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def browser(user_agent: str) -> str:
    """ "Chrome, Android"; "a browser not recognised" for what says nothing that we know."""
    named = [_first(user_agent, PROGRAMS), _first(user_agent, DEVICES)]
    return _("，").join(name for name in named if name) or _("认不出的浏览器")


def _first(user_agent: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in known if mark in user_agent), "")
