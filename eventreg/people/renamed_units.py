"""Units that lose all their people to one import, which is what a renamed unit looks like. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from .comparison import PersonDifference, RosterPerson

Path = tuple[str, ...]


def emptied_units(
    differences: Iterable[PersonDifference], standing: Iterable[RosterPerson]
) -> tuple[tuple[Path, Path], ...]:
    """Units whose two or more people all move elsewhere, with where most of them go; teams only of units that stay."""
    moves = list(_moves(differences))
    before = [person.unit for person in standing if person.left_at is None]
    departments = _emptied(moves, before, depth=1)
    teams = _emptied(moves, before, depth=2)
    return (*departments.items(), *((team, to) for team, to in teams.items() if team[:1] not in departments))


def _emptied(moves: list[tuple[Path | None, Path]], before: list[Path], *, depth: int) -> dict[Path, Path]:
    """Units of one level, with where most of their people go."""
    people = Counter(unit[:depth] for unit in before if len(unit) >= depth)
    went: dict[Path, Counter[Path]] = {}
    came = {to[:depth] for old, to in moves if old is None or old[:depth] != to[:depth]}
    for old, to in moves:
        if old is not None and len(old) >= depth and old[:depth] != to[:depth]:
            went.setdefault(old[:depth], Counter())[to[:depth]] += 1
    return {
        unit: to.most_common(1)[0][0]
        for unit, to in sorted(went.items())
        if to.total() == people[unit] > 1 and unit not in came
    }


def _moves(differences: Iterable[PersonDifference]) -> Iterator[tuple[Path | None, Path]]:
    """Where employed people were and are; None for who comes newly."""
    for difference in differences:
        row, person = difference.row, difference.standing
        if row is None or row.employed is False or difference.kept_as_left:
            continue
        yield None if person is None or person.left_at is not None else person.unit, row.unit
