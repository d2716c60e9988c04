"""Addresses that come from outside: which of them lead to a page of the product."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from eventreg.core.plain_text import AROUND, clean

BEHIND = "".join(set(AROUND) - set("{}")) + "/ \u00a0\u3000"  # braces stand for a part that was not filled in


def safe_path(target: str | None, *, method: str = "GET") -> str | None:
    """The path if it is one of the product that a GET (or a form) can open, else None; never another site (T15).

    It starts with one slash, contains no backslash, control character or escaped slash, and matches a route.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or "%2f" in target.lower() or "%5c" in target.lower() or not target.isprintable():
        return None
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return None
    try:
        current_app.url_map.bind("localhost").match(parts.path, method=method)
    except HTTPException:  # unknown, or a route that would redirect elsewhere
        return None
    return target


def without_marks_behind() -> str | None:
    """The address of this request without a full stop, bracket, quotation mark, slash or blank behind it, if it is a page then.

    In a chat `/campaigns/ten-women。` becomes a link with the mark. None for an address that ends in none.
    """
    bare = clean(request.path).rstrip(BEHIND)
    if request.method not in {"GET", "HEAD"} or not bare or bare == request.path or safe_path(bare) is None:
        return None
    query = request.query_string.decode("latin-1")
    return quote(bare) + (f"?{query}" if query else "")
