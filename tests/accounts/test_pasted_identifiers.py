"""Identifiers and codes as they are pasted from tables and chats."""

from __future__ import annotations

import pytest

from eventreg.accounts.rules import plain_code, plain_identifier


@pytest.mark.parametrize("typed", ["ＨＣ０１", "hc01\u200b", "\u202dHC01\u202c", "　HC01 ", "\ufeffhc01"])
def test_a_staff_number_is_counted_as_one(typed: str) -> None:
    assert plain_identifier(typed) == "hc01"


@pytest.mark.parametrize("typed", ["１２３　４５６", "123\u200b456", "\u2068123456\u2069", "123-456"])
def test_a_code_is_read_without_what_surrounds_its_digits(typed: str) -> None:
    assert plain_code(typed) == "123456"


def test_a_circled_digit_is_none_of_a_code() -> None:
    assert plain_code("①23456") != "123456"
