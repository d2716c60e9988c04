"""Who is in which team: exactly `size` people each. Pure.

Teams are built by wish, mixed by department, or in the order of a draw. Whoever is left over is named, with the places
that the next team still lacks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Formed(StrEnum):
    """How a team came about."""

    WISH = "wish"
    MIXED = "mixed"
    DRAW = "draw"
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class TeamShape:
    """How many teams, and how many people are in each."""

    teams: int
    size: int

    def full_teams(self, people: int) -> int:
        """How many teams so many people fill."""
        return min(self.teams, people // self.size)


@dataclass(frozen=True, slots=True)
class TeamCandidate:
    """Somebody who may be in a team. `department` is the unit directly below the company."""

    registration_id: int
    arrival: int
    department: int


@dataclass(frozen=True, slots=True)
class BuiltTeams:
    """Full teams, and who is left over, both as ids of registrations. `missing` is how many people all teams lack.

    `unmet` are wishes that could not be fulfilled: who wished, and with whom.
    """

    teams: tuple[tuple[int, ...], ...]
    over: tuple[int, ...]
    missing: int
    unmet: tuple[tuple[int, int], ...] = ()


def in_order(order: Sequence[int], shape: TeamShape) -> BuiltTeams:
    """Teams of people one after the other, as they were drawn."""
    full = shape.full_teams(len(order))
    teams = tuple(tuple(order[n * shape.size : (n + 1) * shape.size]) for n in range(full))
    return _built(teams, order, shape)


def mixed(people: Iterable[TeamCandidate], shape: TeamShape) -> BuiltTeams:
    """Teams that spread each department as evenly as possible; whoever signed up last is left over.

    Departments are dealt out one after the other, the largest first, so any two teams differ by one at most in how many of
    a department they have.
    """
    line = sorted(people, key=lambda one: one.arrival)
    full = shape.full_teams(len(line))
    chosen = line[: full * shape.size]
    sizes = {one.department: 0 for one in chosen}
    for one in chosen:
        sizes[one.department] += 1
    dealt = sorted(chosen, key=lambda one: (-sizes[one.department], one.department, one.arrival))
    teams = tuple(tuple(one.registration_id for one in dealt[n::full]) for n in range(full))
    return _built(teams, [one.registration_id for one in line], shape)


def by_wish(
    people: Iterable[TeamCandidate], wishes: Mapping[int, Collection[int]], shape: TeamShape
) -> BuiltTeams:
    """Teams that keep together who wishes it; whoever signed up last is left over.

    `wishes` are ids of registrations, by who wishes. Wishes of both sides come first, then those of one side, each in the
    order of arrival, as far as a group fits into one team. A group that fits into no team any more is split.
    """
    line = [one.registration_id for one in sorted(people, key=lambda one: one.arrival)]
    full = shape.full_teams(len(line))
    chosen = line[: full * shape.size]
    place = {who: n for n, who in enumerate(line)}
    asked = [
        (who, whom)
        for who in chosen
        for whom in sorted(place.keys() & set(wishes.get(who, ())) - {who}, key=place.__getitem__)
    ]
    teams: list[list[int]] = [[] for _ in range(full)]
    alone = []
    for group in sorted(_groups(chosen, asked, shape.size), key=len, reverse=True):
        fitting = next((team for team in teams if len(team) + len(group) <= shape.size), None)
        if fitting is None or len(group) == 1:
            alone += group
        else:
            fitting += group
    for who in sorted(alone, key=place.__getitem__):
        min(teams, key=len).append(who)
    together = {(one, other) for team in teams for one in team for other in team}
    unmet = tuple(pair for pair in asked if pair not in together)
    return _built(tuple(tuple(team) for team in teams), line, shape, unmet)


def _groups(people: Sequence[int], asked: Sequence[tuple[int, int]], size: int) -> list[list[int]]:
    """Who is to stay together, `size` people at most in each group."""
    group_of = {who: [who] for who in people}
    wished = set(asked)
    both = [pair for pair in asked if pair[::-1] in wished]
    for who, whom in [*both, *asked]:
        mine, other = group_of[who], group_of.get(whom)
        if other is None or other is mine or len(mine) + len(other) > size:
            continue
        mine += other
        group_of |= dict.fromkeys(other, mine)
    return [group for who, group in group_of.items() if group[0] == who]


def _built(
    teams: tuple[tuple[int, ...], ...],
    line: Iterable[int],
    shape: TeamShape,
    unmet: tuple[tuple[int, int], ...] = (),
) -> BuiltTeams:
    placed = {who for team in teams for who in team}
    over = tuple(who for who in line if who not in placed)
    lacking = (shape.teams - len(teams)) * shape.size - len(over)
    return BuiltTeams(teams, over, max(lacking, 0), unmet)
