"""Lists in pages: numbers from the address, links to the pages before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for


@dataclass(frozen=True, slots=True)
class Pager:
    """A page's place among the pages, and the way to its neighbours."""

    number: int
    pages: int
    before_url: str | None
    after_url: str | None


def number(typed: Mapping[str, str], name: str) -> int:
    """A number of at most nine digits from the address, else 0."""
    text = typed.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def pager(endpoint: str, at: int, pages: int, **kept: Any) -> Pager:
    """Links that keep the filters."""

    def url(page: int) -> str | None:
        return url_for(endpoint, page=page, **kept) if 1 <= page <= pages else None

    return Pager(at, pages, url(at - 1), url(at + 1))
