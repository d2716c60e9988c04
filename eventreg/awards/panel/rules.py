"""Who is recused from what (回避), and why. Pure.

A judge never sees or scores herself or her own department; who made, submitted or signed a nomination does not judge it;
kin and others are declared or set. Her department is the unit below the company: two teams of one department are one, and
a judge whose own unit is the company itself is recused from none by it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

REASON_MOST = 200  # characters of why somebody is recused or leaves


class RecusalGround(StrEnum):
    """Why a judge is recused: automatic are the first four, then what she declared and what HR set."""

    OWN = "own"
    DEPARTMENT = "department"
    MADE = "made"
    SIGNED = "signed"
    DECLARED = "declared"
    SET = "set"


class PanelPart(StrEnum):
    """评委, 组长, 秘书 (without a vote), 候补评委."""

    JUDGE = "judge"
    CHAIR = "chair"
    SECRETARY = "secretary"
    SUBSTITUTE = "substitute"


VOTING = frozenset({PanelPart.JUDGE, PanelPart.CHAIR})


@dataclass(frozen=True, slots=True)
class NominationTies:
    """What ties people to a nomination: its nominee, the units from the company down to hers, and who had a hand in it."""

    nomination: int
    nominee: int
    units: Sequence[int]
    made_by: Collection[int] = ()
    signed_by: Collection[int] = ()


def department(units: Sequence[int]) -> int | None:
    """The department of somebody, from her units from the company down; None for who belongs to the company itself."""
    return units[1] if len(units) > 1 else None


def grounds(judge: int, units: Sequence[int], ties: NominationTies) -> list[RecusalGround]:
    """The automatic grounds on which a judge is recused from a nomination; empty if there is none."""
    mine, hers = department(units), department(ties.units)
    found = {
        RecusalGround.OWN: judge == ties.nominee,
        RecusalGround.DEPARTMENT: mine is not None and mine == hers,
        RecusalGround.MADE: judge in ties.made_by,
        RecusalGround.SIGNED: judge in ties.signed_by,
    }
    return [ground for ground, holds in found.items() if holds]


def advice(voting: int) -> list[str]:
    """What to think of before a panel begins: "even" for an even number of votes, "few" for fewer than five."""
    return [code for code, holds in (("even", voting % 2 == 0), ("few", voting < FEWEST)) if holds]


FEWEST = 5  # votes on a candidate: below it a page warns
