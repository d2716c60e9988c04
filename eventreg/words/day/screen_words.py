"""Screens at the venue in words."""

from __future__ import annotations

from flask_babel import gettext as _


def widget(code: str) -> str:
    """The name of a full-screen page."""
    return {
        "arrivals": _("到场情况"),
        "timer": _("计时"),
        "results": _("徒步成绩"),
        "forfeits": _("节目单"),
        "teams": _("分组"),
    }[code]
