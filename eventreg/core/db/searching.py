"""Search in columns of names."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func

from eventreg.core.plain_text import WIDE_PUNCTUATION, search_text


def name_contains(column: Any, typed: str) -> ColumnElement[bool]:
    """The condition that a stored name, number or address contains what was typed; width, case and spaces do not matter.

    Stored names have the form of `plain_name`, which keeps full-width punctuation (办公室（党委）): both sides are folded here.
    """
    half = column
    for wide, narrow in (WIDE_PUNCTUATION | {" ": "", "\u3000": ""}).items():
        half = func.replace(half, wide, narrow)
    return ColumnElement.icontains(half, search_text(typed), autoescape=True)
