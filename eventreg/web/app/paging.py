"""Pagination: numbers from the address, and links to the previous and the next page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from .numbers import whole_number


@dataclass(frozen=True, slots=True)
class Pager:
    """The number of a page, how many there are, and the addresses of the previous and the next one."""

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
