"""A ticket as one picture to keep: what the door and its owner need, and nothing that the owner answered."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from eventreg.words.locale import current

from . import typeset
from .glyphs import without_emoji
from .typeset import Sheet

TEMPLATE = "paper/ticket.typ"
DOTS = 240  # an inch: 945 pixels wide


def ticket_picture(
    title: str,
    *,
    arrival: int,
    code: str,
    rows: list[tuple[str, str]],
    drawing: str,
    at: datetime,
) -> bytes:
    """The picture as a PNG, in the current language; `drawing` is the QR code as an SVG file.

    Raises what `limited.make` raises.
    """
    facts = {
        "lang": "en" if current() == "en" else "zh",
        "number": _("已报上，编号 %(n)s（报名先后）", n=arrival),
        "title": without_emoji(title),
        "code": code,
        "code_word": _("票号"),
        "rows": [[label, without_emoji(value)] for label, value in rows],
    }
    return typeset.pictures(Sheet(TEMPLATE, facts, at, drawing), dots=DOTS)[0]
