"""Tokens of the API in words."""

from __future__ import annotations

from flask_babel import gettext as _


def scope(code: str) -> str:
    """What a scope opens."""
    return {
        "campaigns": _("看活动"),
        "registrations": _("代人报名、退出，看报名名单"),
        "scans": _("上传扫码记录，下载入场名单"),
    }[code]
