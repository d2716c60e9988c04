"""An independent model of judging by scores: plain loops over tuples, nothing of the product. Tests compare with it."""

from __future__ import annotations

from fractions import Fraction

Score = tuple[int, int, int, int]  # judge, nomination, criterion, value


def ranked(
    criteria: list[tuple[int, int, int]],  # id, weight in per cent, most
    judges: list[int],
    nominations: list[int],
    scores: list[Score],
    recused: set[tuple[int, int]],
    *,
    drops: bool,
) -> list[tuple[int, int, Fraction]]:
    """(rank, nomination, points), the best first; equal points share a rank, and stand in the order of `nominations`."""
    totals = {
        nomination: [
            _total(criteria, [row for row in scores if row[:2] == (judge, nomination)])
            for judge in judges
            if (judge, nomination) not in recused
        ]
        for nomination in nominations
    }
    dropping = drops and min(len(each) for each in totals.values()) >= 5
    means = {}
    for nomination, each in totals.items():
        kept = sorted(each)[1:-1] if dropping else each
        means[nomination] = sum(kept, Fraction(0)) / len(kept)
    lines = []
    for nomination in nominations:
        better = sum(1 for other in nominations if means[other] > means[nomination])
        lines.append((better + 1, nomination, means[nomination]))
    return sorted(lines, key=lambda line: (line[0], nominations.index(line[1])))


def _total(criteria: list[tuple[int, int, int]], rows: list[Score]) -> Fraction:
    total = Fraction(0)
    for criterion, weight, most in criteria:
        for row in rows:
            if row[2] == criterion:
                total += Fraction(weight, 100) * Fraction(row[3], most) * 100
    return total
