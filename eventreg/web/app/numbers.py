"""Numbers that a browser sends as text: in an address, a hidden field or a form."""

from __future__ import annotations

MOST_DIGITS = 9  # every such number fits into an INTEGER column of either database


def whole_number(typed: str | None) -> int:
    """The number that was typed, in one to nine ASCII digits; 0 for anything else.

    No identifier, version or page has the number 0, so 0 stands for "none" and needs no second check.
    """
    if typed is None or len(typed) > MOST_DIGITS or not (typed.isascii() and typed.isdigit()):
        return 0
    return int(typed)
