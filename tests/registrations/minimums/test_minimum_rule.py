"""The minimum per unit is a pure rule: never more than the women on the roster, and an exemption asks for nobody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventreg.registrations.minimums.rules import UnitStanding, UnitWomen, need_of, needs_of

SMALL = st.integers(0, 9)


@pytest.mark.parametrize(
    ("women", "counted", "exemption", "standing", "missing"),
    [
        (5, 0, "", "short", 2),
        (5, 1, "", "short", 1),
        (5, 2, "", "complete", 0),
        (1, 0, "", "short", 1),
        (1, 1, "", "complete", 0),
        (0, 0, "", "nobody", 0),
        (5, 0, "抢修", "exempt", 0),
        (0, 0, "抢修", "exempt", 0),
    ],
)
def test_what_is_asked_of_a_unit(
    women: int, counted: int, exemption: str, standing: str, missing: int
) -> None:
    need = need_of(UnitWomen(1, women, counted, exemption), least=2)

    assert (str(need.standing), need.missing, need.needed) == (standing, missing, min(2, women))


@given(women=SMALL, counted=SMALL, least=SMALL, exempt=st.booleans())
def test_nobody_is_asked_for_more_women_than_there_are(
    women: int, counted: int, least: int, exempt: bool
) -> None:
    need = need_of(UnitWomen(1, women, counted, "因故" if exempt else ""), least=least)

    assert need.missing <= max(0, women - counted)
    assert (need.missing > 0) == (need.standing is UnitStanding.SHORT)


def test_the_short_units_come_first_and_the_order_stays_otherwise() -> None:
    counts = [UnitWomen(1, 3, 3), UnitWomen(2, 3, 0), UnitWomen(3, 0, 0), UnitWomen(4, 3, 1)]

    assert [need.unit_id for need in needs_of(counts, least=2)] == [2, 4, 3, 1]
