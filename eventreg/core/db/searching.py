"""Search in columns of names."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func

from eventreg.core.plain_text import WIDE_PUNCTUATION, search_text


def name_contains(column: Any, typed: str) -> ColumnElement[bool]:
    """The condition that a stored name, number or address contains what was typed; width, case and spaces do not matter.

    Stored names have the form of `plain_name`, which keeps full-width punctuation and spaces (办公室（党委）, IT 部): both sides are
    folded here.
    """
    sought = search_text(typed)
    folded = func.replace(column, " ", "")
    for wide, narrow in WIDE_PUNCTUATION.items():
        if narrow in sought:  # folding every mark takes ten times as long as the search
            folded = func.replace(folded, wide, narrow)
    return ColumnElement.icontains(folded, sought, autoescape=True)
