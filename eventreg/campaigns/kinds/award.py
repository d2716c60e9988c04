"""An award (plan P1 to P6): the number of winners, and the least length of the deeds text in 字."""

from __future__ import annotations

from dataclasses import dataclass

from eventreg.core.msgids import N_, Sentence

from .bounds import Parameters, whole
from .kind import ActivityKind


@dataclass(frozen=True, slots=True)
class Award(Parameters):
    """`seats` winners; the deeds text holds at least `least_chars` 字."""

    seats: int = whole(10, label=N_("评出几位"), unit=N_("人"), least=1, most=1000)
    least_chars: int = whole(1000, label=N_("事迹材料至少多少字"), unit=N_("字"), least=0, most=20_000)


def _rule(award: Award) -> Sentence:
    return Sentence(
        N_("评出 %(n)s 位。事迹材料不少于 %(chars)s 字。"), {"n": award.seats, "chars": award.least_chars}
    )


# Not offered: an award comes with a campaign that takes nominations (web/organiser/campaigns/blanks.py:_award).
KIND = ActivityKind(code="award", name=N_("评选"), parameters=Award, rule=_rule, offered=False)
