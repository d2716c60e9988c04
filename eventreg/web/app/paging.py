"""Lists in pages: numbers from the address, links to the pages before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from .numbers import whole_number


@dataclass(frozen=True, slots=True)
class Pager:
    """A page's place among the pages, and the way to its neighbours."""

    number: int
    pages: int
    before_url: str | None
    after_url: str | None


def number(typed: Mapping[str, str], name: str) -> int:
    """The number under this name in the address or form, else 0."""
    return whole_number(typed.get(name))


def pager(endpoint: str, at: int, pages: int, **kept: Any) -> Pager:
    """Links that keep the filters."""

    def url(page: int) -> str | None:
        return url_for(endpoint, page=page, **kept) if 1 <= page <= pages else None

    return Pager(at, pages, url(at - 1), url(at + 1))
