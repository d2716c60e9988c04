"""Wishes are read from free answers, by name or staff number; a word that is nobody is named."""

from __future__ import annotations

import pytest

from eventreg.venue.teams.wishes import WishesRead, WishParty, read_wishes

PARTIES = [
    WishParty(1, "王芳", "A001"),
    WishParty(2, "李娜", "A002"),
    WishParty(3, "王芳", "A003"),
    WishParty(4, "张和平", "A004"),
]


@pytest.mark.parametrize(
    ("answer", "wished"),
    [
        ("李娜", {2}),
        ("李 娜", {2}),
        ("a003", {3}),
        ("Ａ００３", {3}),
        ("李娜、A001", {1, 2}),
        ("李娜，张和平", {2, 4}),
        ("李娜和张和平", {2, 4}),
        ("李娜(A002)", {2}),
        ("王芳 A003", {3}),
        ("想和李娜一组", {2}),
        ("", set()),
        ("都可以", set()),
    ],
)
def test_who_is_wished_for(answer: str, wished: set[int]) -> None:
    read = read_wishes(PARTIES, {9: answer})

    assert (set(read.wishes.get(9, ())), read.unclear) == (wished, ())


def test_a_name_that_two_have_names_nobody_and_the_answer_is_unclear() -> None:
    assert read_wishes(PARTIES, {9: "王芳"}) == WishesRead({}, (9,))
    assert read_wishes(PARTIES, {9: "王芳、李娜"}) == WishesRead({9: (2,)}, (9,))


@pytest.mark.parametrize("answer", ["李娜、赵四", "A0021、李娜"])
def test_an_answer_with_a_stranger_is_unclear(answer: str) -> None:
    assert read_wishes(PARTIES, {9: answer}) == WishesRead({9: (2,)}, (9,))
