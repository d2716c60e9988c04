"""A small model of a walk's result, written apart from the product: minutes and seconds as numbers, loops instead of sets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ModelReading:
    """A time in tenths of a second, and whether it is doubtful."""

    at: int
    doubt: bool = False


def outcome(
    starts: list[ModelReading], finishes: list[ModelReading], mass: int | None, limit_s: int
) -> tuple[str, int | None]:
    """(standing, whole seconds or None). "nothing" for somebody who did not start."""
    standing, seconds = _of_times([s.at for s in starts], [f.at for f in finishes], mass, limit_s)
    if standing == "late":
        sure_starts = [s.at for s in starts if not s.doubt]
        sure_finishes = [f.at for f in finishes if not f.doubt]
        if _of_times(sure_starts, sure_finishes, mass, limit_s)[0] != "late":
            return "asked", None
    return standing, seconds


def _of_times(
    starts: list[int], finishes: list[int], mass: int | None, limit_s: int
) -> tuple[str, int | None]:
    if mass is not None:
        starts = [mass]
    if not starts:
        return ("asked", None) if finishes else ("nothing", None)
    times: list[int] = []
    for start in sorted(starts):
        for finish in sorted(finishes):
            if finish > start:
                times.append((finish - start) // 10)
                break
    if not times:
        return "not_back", None
    late = [seconds > limit_s for seconds in times]
    if any(late) and not all(late):
        return "asked", None
    return ("late" if late[0] else "in_time"), times[0]
