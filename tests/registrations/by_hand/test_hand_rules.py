"""Pure rules of acts by hand: pasted numbers, pools that are extended, and what several newcomers get."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventreg.campaigns.rules import PlaceApplicant, PoolFacts, PoolScope
from eventreg.core.errors import Refused
from eventreg.registrations.by_hand.rules import place_each
from eventreg.registrations.by_hand.unit_lists import LIST_MOST, numbers_in
from eventreg.registrations.rules import RegistrationState

COMPANY, UNIT = 1, 7
WOMAN = PlaceApplicant(1, "female", frozenset({COMPANY, UNIT}))
MAN = PlaceApplicant(2, "male", frozenset({COMPANY}))


def read(text: str) -> list[tuple[int, str]]:
    return [(number.line, number.staff_no) for number in numbers_in(text)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("A1\nB2", [(1, "A1"), (2, "B2")]),
        ("A1\r\n\r\nB2\r\n", [(1, "A1"), (3, "B2")]),
        ("A1 王芳\n李娜\tB2", [(1, "A1"), (2, "B2")]),
        ("A1，B2、C3;D4", [(1, "A1"), (1, "B2"), (1, "C3"), (1, "D4")]),
        ("Ａ１\u200b", [(1, "A1")]),
        ("王芳", [(1, "王芳")]),
    ],
)
def test_numbers_are_read_by_line_whatever_stands_between(text: str, numbers: list[tuple[int, str]]) -> None:
    assert read(text) == numbers


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b"])
def test_a_list_without_numbers_says_so(text: str) -> None:
    with pytest.raises(Refused, match="list.empty"):
        numbers_in(text)


def test_a_list_that_is_too_long_says_how_long() -> None:
    with pytest.raises(Refused, match="list.too_long") as refused:
        numbers_in("\n".join(f"A{n}" for n in range(LIST_MOST + 1)))

    assert refused.value.facts == {"most": LIST_MOST, "n": LIST_MOST + 1}


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading(text: str) -> None:
    try:
        found = numbers_in(text)
    except Refused:
        return
    assert all(number.line >= 1 and number.staff_no for number in found)


def pool(id_: int, scope: PoolScope, capacity: int, taken: int, **more: object) -> PoolFacts:
    return PoolFacts(id_, scope, capacity, taken, **more)  # type: ignore[arg-type]


def test_several_newcomers_are_placed_one_after_the_other() -> None:
    pools = (pool(1, PoolScope.TOTAL, 3, 1), pool(2, PoolScope.GENDER, 1, 0, gender="male"))

    placed = place_each([MAN, MAN, WOMAN, WOMAN], pools, waiting=0)

    assert [place.state for place in placed] == [
        RegistrationState.SEATED,
        RegistrationState.WAITING,
        RegistrationState.SEATED,
        RegistrationState.WAITING,
    ]
