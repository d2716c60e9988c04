"""A forum (plan P12, P13): each 班组 sends a least number of women."""

from __future__ import annotations

from dataclasses import dataclass

from .bounds import Parameters, whole


@dataclass(frozen=True, slots=True)
class Forum(Parameters):
    """`women_per_team` women at least from each 班组; 0 asks for none."""

    women_per_team: int = whole(2, least=0, most=100, unit="persons")
