"""Telephone numbers as people write them."""

from __future__ import annotations

import pytest

from eventreg.people.contact_details import phone_number


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("(0571)88206666", "0571-88206666"),
        ("（0571） 8820 6666", "0571-88206666"),
        ("(0571)-88206666", "0571-88206666"),
        ("88206666转806", "88206666-806"),
        ("0571-88206666 ext. 806", "0571-88206666-806"),
    ],
)
def test_a_landline_is_understood_as_people_write_it(written: str, kept: str) -> None:
    assert phone_number(written) == kept
