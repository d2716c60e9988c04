"""Numbers that a browser sends as text."""

from __future__ import annotations

import pytest

from eventreg.web.app.numbers import whole_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1", 1), ("42", 42), ("007", 7), ("999999999", 999_999_999)],
)
def test_up_to_nine_digits_are_a_number(typed: str, number: int) -> None:
    assert whole_number(typed) == number


@pytest.mark.parametrize(
    "typed",
    [
        None,
        "",
        " ",
        " 7",
        "7 ",
        "-7",
        "+7",
        "7.0",
        "1e3",
        "1_000",
        "0x7",
        "seven",
        "７",
        "٧",
        "²",
        "1000000000",
    ],
)
def test_anything_else_is_none(typed: str | None) -> None:
    """Also digits of other scripts, which int() would read, and what no INTEGER column could hold."""
    assert whole_number(typed) == 0
