"""Who flew and how high, and which teams perform (plan P8). Pure.

Rank 1 is the highest. The plan's 或者 is a setting of the contest: `never_flown`, `lowest` or `either`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from .rules import TeamShape


@dataclass(frozen=True, slots=True)
class FlightFacts:
    """What was noted about a team: whether it flew (None: not noted yet) and its rank."""

    team: int
    flown: bool | None = None
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class FlightFault:
    """What is wrong with what was typed about a team: a refusal code and its facts."""

    team: int
    code: str
    facts: dict[str, object]


@dataclass(frozen=True, slots=True)
class Performers:
    """The teams that surely perform, and the teams of which it is not yet known whether they flew, or how high."""

    teams: tuple[int, ...]
    flown_unknown: tuple[int, ...] = ()
    rank_unknown: tuple[int, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether nothing more has to be asked."""
        return not (self.flown_unknown or self.rank_unknown)


def performers(flights: Collection[FlightFacts], reading: str) -> Performers:
    """Which teams perform by this reading of 或者.

    `never_flown`: those that did not fly; `lowest`: the lowest of those that flew, all of equal height; `either`: both.
    If nobody flew, all perform, whatever the reading.
    """
    unknown = _numbers(flight for flight in flights if flight.flown is None)
    grounded = _numbers(flight for flight in flights if flight.flown is False)
    flew = [flight for flight in flights if flight.flown]
    if flights and len(grounded) == len(flights):
        return Performers(grounded)
    never = () if reading == "lowest" else grounded
    if reading == "never_flown":
        return Performers(never, unknown)
    unranked = _numbers(flight for flight in flew if flight.rank is None and len(flew) + len(unknown) > 1)
    if unknown or unranked:
        return Performers(never, unknown, unranked)
    return Performers(tuple(sorted({*never, *_lowest(flew)})))


def equal_heights(flights: Iterable[FlightFacts]) -> list[tuple[int, tuple[int, ...]]]:
    """The ranks that several teams have, with these teams; by rank."""
    by_rank: dict[int, list[int]] = {}
    for flight in flights:
        if flight.rank is not None:
            by_rank.setdefault(flight.rank, []).append(flight.team)
    return [(rank, tuple(sorted(teams))) for rank, teams in sorted(by_rank.items()) if len(teams) > 1]


def find_faults(
    typed: Sequence[FlightFacts], shape: TeamShape, *, equal: Collection[tuple[int, ...]] = ()
) -> list[FlightFault]:
    """What is wrong with a filled form; `equal` are the groups of teams that are confirmed to be equally high.

    A rank for a team that did not fly, or of which that is not said, a rank that cannot be, and the same rank twice
    without confirmation.
    """
    faults = [fault for flight in typed if (fault := _fault(flight, most=max(shape.teams, len(typed))))]
    wrong = {fault.team for fault in faults}
    for rank, teams in equal_heights(flight for flight in typed if flight.team not in wrong):
        if teams not in equal:
            faults += [
                FlightFault(team, "height.equal_height", {"rank": rank, "teams": teams}) for team in teams
            ]
    return sorted(faults, key=lambda fault: fault.team)


def _fault(flight: FlightFacts, *, most: int) -> FlightFault | None:
    if flight.rank is None:
        return None
    if flight.flown is None:
        return FlightFault(flight.team, "height.rank_before_flown", {})
    if not flight.flown:
        return FlightFault(flight.team, "height.rank_not_flown", {})
    if not 1 <= flight.rank <= most:
        return FlightFault(flight.team, "height.rank_range", {"most": most})
    return None


def _lowest(flew: Collection[FlightFacts]) -> tuple[int, ...]:
    last = max((flight.rank or 0 for flight in flew), default=0)
    return _numbers(flight for flight in flew if (flight.rank or 0) == last)


def _numbers(flights: Iterable[FlightFacts]) -> tuple[int, ...]:
    return tuple(sorted(flight.team for flight in flights))
