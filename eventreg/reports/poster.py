"""The poster of a campaign on A4: what, when, where, for whom, and the code that leads to its page."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from pathlib import Path

from eventreg.words.locale import current

from .glyphs import without_emoji
from .typeset import Sheet

TEMPLATE = "paper/poster.typ"
LINE_MOST = 60  # characters of a value, so that everything fits on one page
INTRO_MOST = 90


def poster(
    title: str,
    intro: str,
    rows: list[tuple[str, str]],
    *,
    owner: str,
    url: str,
    scan: str,
    code: str,
    picture: str,
    at: datetime,
) -> Sheet:
    """The sheet, in the current language. `code` and `picture` are SVG files."""
    facts = {
        "lang": "en" if current() == "en" else "zh",
        "owner": owner,
        "title": without_emoji(title),
        "intro": _cut(without_emoji(" ".join(intro.split())), INTRO_MOST),
        "rows": [[label, _cut(without_emoji(value), LINE_MOST)] for label, value in rows],
        "scan": scan,
        "url": url,
    }
    return Sheet(TEMPLATE, facts, at, json.dumps({"code": code, "picture": picture}))


def as_svg(path: Path, *, width: int, height: int) -> str:
    """A JPEG as an SVG file, which is how a template takes drawings."""
    box = f'width="{width}" height="{height}"'
    content = base64.b64encode(path.read_bytes()).decode("ascii")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} viewBox="0 0 {width} {height}">'
        f'<image {box} href="data:image/jpeg;base64,{content}"/></svg>'
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
