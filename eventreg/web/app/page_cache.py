"""A cache of rendered pages with holes: what differs between readers is filled in when the page is sent.

When a campaign opens, everybody requests the same three pages at once. They differ in a name and a
token. Rendering a page takes far longer than filling its holes.

The key is everything a page is rendered from: its template, what the layout shows (language, site, the reader's
roles), and `about`, the facts. Facts are frozen, so a cached page is never out of date: other facts are another
key. A page with a flash message is never cached.
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

from . import pages

MOST = 512  # pages; about 10 KB each

# Nobody can type the mark of a hole: it contains a random word of this process.
_WORD = secrets.token_hex(8)
_HOLES = re.compile(f"\ue000{_WORD}([^\ue001]+)\ue001")


class Hole(Markup):
    """A place in a page for a text that differs from reader to reader."""

    def __new__(cls, name: str) -> Hole:
        return super().__new__(cls, f"\ue000{_WORD}{name}\ue001")


def render(
    template: str, *, about: Hashable, holes: Mapping[str, object], context: Callable[[], Mapping[str, Any]]
) -> str:
    """The page with its holes filled (and escaped); `context` is called only if the page is not in the cache."""
    holes = {**holes, "csrf_token": generate_csrf(), "here_path": request.full_path.rstrip("?")}
    if session.get("_flashes"):
        get_flashed_messages(with_categories=True)
        return fill_holes(_rendered(template, context()), holes)
    cache, key = cache_of("pages"), (template, pages.layout(), about)
    html: str | None = cache.get(key)
    if html is None:
        html = _rendered(template, context())
        put_bounded(cache, key, html, most=MOST)
    return fill_holes(html, holes)


def fill_holes(html: str, holes: Mapping[str, object]) -> str:
    """Fill every hole with its text. Raises KeyError for a hole without a text, which is a bug."""
    return _HOLES.sub(lambda found: str(escape(holes[found[1]])), html)


def _rendered(template: str, context: Mapping[str, Any]) -> str:
    return render_template(template, **context, csrf_token=_csrf_hole, here_path=Hole("here_path"))


def _csrf_hole() -> Hole:
    return Hole("csrf_token")
