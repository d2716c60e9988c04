"""Pages drawn once for many readers: what differs from one to the next is a hole, filled when it is sent.

On the day a campaign opens, everybody asks for the same three pages at once. They differ in a name, a
number and a token. Drawing one takes far longer than filling its holes.

A page is kept under what it was drawn from: its template, what the layout shows (language, house, who
the reader is to it), and `about`, the facts. Facts are frozen, so nothing is ever out of date: other
facts are another page. A flash, which is said once, is never kept.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from flask import get_flashed_messages, render_template, request, session
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from eventreg.core.process_cache import cache_of, put_bounded

from . import page

MOST = 512  # pages; about 10 KB each

# A hole's mark cannot be typed: nobody knows this process's word.
_WORD = secrets.token_hex(8)
_HOLES = re.compile(f"\ue000{_WORD}([^\ue001]+)\ue001")


class Hole(Markup):
    """Stands in a page for a text that differs from reader to reader."""

    def __new__(cls, name: str) -> Hole:
        return super().__new__(cls, f"\ue000{_WORD}{name}\ue001")


class Count(int):
    """Stands for a number; its own value is only what grammar and conditions need: 0, 1 or 2 for more."""

    name: str

    def __new__(cls, name: str, number: int) -> Count:
        made = super().__new__(cls, min(number, 2))
        made.name = name
        return made

    def __str__(self) -> str:
        return str(Hole(self.name))

    __repr__ = __str__
    __html__ = __str__


def draw(
    template: str, *, about: Hashable, holes: Mapping[str, object], context: Callable[[], Mapping[str, Any]]
) -> str:
    """The page, its holes filled (and escaped); `context` is asked only when it has to be drawn."""
    holes = {**holes, "csrf_token": generate_csrf(), "here_path": request.full_path.rstrip("?")}
    if session.get("_flashes"):
        get_flashed_messages(with_categories=True)
        return filled(_drawn(template, context()), holes)
    box, key = cache_of("pages"), (template, page.layout(), about)
    html: str | None = box.get(key)
    if html is None:
        html = _drawn(template, context())
        put_bounded(box, key, html, most=MOST)
    return filled(html, holes)


def filled(html: str, holes: Mapping[str, object]) -> str:
    """Every hole with its text; a name without one is a mistake of ours and raises KeyError."""
    return _HOLES.sub(lambda found: str(escape(holes[found[1]])), html)


def _drawn(template: str, context: Mapping[str, Any]) -> str:
    return render_template(template, **context, csrf_token=_csrf_hole, here_path=Hole("here_path"))


def _csrf_hole() -> Hole:
    return Hole("csrf_token")
