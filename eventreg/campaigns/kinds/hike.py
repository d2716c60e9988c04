"""A timed walk (plan P7): a least distance, a limit, and a forfeit for who comes late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from .bounds import Parameters, whole


@dataclass(frozen=True, slots=True)
class Hike(Parameters):
    """At least `distance_m` metres on foot within `limit_min` minutes."""

    distance_m: int = whole(1500, least=100, most=50_000, unit="m")
    limit_min: int = whole(30, least=1, most=1440, unit="min")


def is_late(hike: Hike, elapsed: timedelta) -> bool:
    """Late is more than the limit: exactly 30:00 is in time (plan P7)."""
    return elapsed > timedelta(minutes=hike.limit_min)
