"""Who is recused from what by what is known: oneself, one's department, who made, submitted or signed it."""

from __future__ import annotations

import pytest

from eventreg.awards.panel.rules import NominationTies, RecusalGround, advice, department, grounds

COMPANY, SALES, TEAM_1, TEAM_2, REPAIR = range(1, 6)
HERS = NominationTies(1, nominee=10, units=(COMPANY, SALES, TEAM_1), made_by={20, 21}, signed_by={30})


@pytest.mark.parametrize(
    ("judge", "units", "wanted"),
    [
        (99, (COMPANY, REPAIR), []),
        (99, (COMPANY, SALES, TEAM_2), [RecusalGround.DEPARTMENT]),
        (99, (COMPANY, SALES), [RecusalGround.DEPARTMENT]),
        (99, (COMPANY,), []),
        (10, (COMPANY, SALES, TEAM_1), [RecusalGround.OWN, RecusalGround.DEPARTMENT]),
        (21, (COMPANY, REPAIR), [RecusalGround.MADE]),
        (30, (COMPANY,), [RecusalGround.SIGNED]),
    ],
)
def test_grounds(judge: int, units: tuple[int, ...], wanted: list[RecusalGround]) -> None:
    assert grounds(judge, units, HERS) == wanted


def test_two_people_of_the_company_itself_are_of_no_department() -> None:
    boss = NominationTies(1, nominee=10, units=(COMPANY,))

    assert department((COMPANY,)) is None
    assert grounds(99, (COMPANY,), boss) == []


def test_an_even_or_a_small_panel_is_advised_against() -> None:
    assert advice(7) == []
    assert advice(6) == ["even"]
    assert advice(4) == ["even", "few"]
    assert advice(3) == ["few"]
