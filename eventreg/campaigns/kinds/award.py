"""An award (plan P1 to P6): so many seats, a deeds text of at least so many 字."""

from __future__ import annotations

from dataclasses import dataclass

from .bounds import Parameters, whole


@dataclass(frozen=True, slots=True)
class Award(Parameters):
    """`seats` winners; the deeds text holds at least `least_chars` 字."""

    seats: int = whole(10, least=1, most=1000, unit="persons")
    least_chars: int = whole(1000, least=0, most=20_000, unit="字")
