"""Short codes as people type them, and how many wrong ones a phone may try."""

from __future__ import annotations

import pytest

from eventreg.registrations.rules import in_groups, ticket_code_in
from eventreg.venue.rules import paused


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("7K2M-9QXD", "7K2M9QXD"),
        (" 7k2m 9qxd ", "7K2M9QXD"),
        ("７Ｋ２Ｍ－９ＱＸＤ", "7K2M9QXD"),
        ("IlLo-Oi1L", "11100111"),
        ("7K2M-9QX", ""),
        ("7K2M-9QXDD", ""),
        ("7K2M-9QXU", ""),
        ("七K2M9QXD", ""),
        ("", ""),
        ("http://localhost/t/7K2M9QXD", ""),
        ("x" * 32_000, ""),
    ],
)
def test_what_is_easily_mistaken_is_forgiven_and_nothing_else(typed: str, code: str) -> None:
    assert ticket_code_in(typed) == code


def test_a_code_is_shown_in_two_groups_and_read_back() -> None:
    assert (in_groups("7K2M9QXD"), ticket_code_in(in_groups("7K2M9QXD"))) == ("7K2M-9QXD", "7K2M9QXD")


def test_after_too_many_wrong_codes_right_ones_wait_too() -> None:
    codes = [("a", True), ("b", False), ("c", True), ("d", False), ("e", True), ("f", False)]

    assert [paused(codes, tries=n) for n in (3, 2, 1, 0)] == [
        set(),
        {"e", "f"},
        {"c", "d", "e", "f"},
        set("abcdef"),
    ]
