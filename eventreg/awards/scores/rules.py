"""From scores to points and ranks, in exact fractions. Pure.

Points of a judge for a nomination are 100 × Σ weight × value ÷ most over the criteria; points of a nomination are the mean
over the judges who are not recused from it. A score that is missing is neither 0 nor left out: the round is incomplete.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from eventreg.core.errors import Refused

WHOLE = 100  # per cent that the weights add up to, and the most points of a judge
SCORES_FOR_DROPPING = 5  # of every nomination, before the highest and the lowest are left out
CRITERIA_MOST = 12

Pair = tuple[int, int]  # (judge, nomination)


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion with its weight in per cent; a score is from 0 to `most`."""

    id: int
    weight: int
    most: int


class TieBreak(StrEnum):
    """What decides between equal points, in the order that the rules name: the first criterion's points, or the chair's."""

    FIRST_CRITERION = "first_criterion"
    CHAIR = "chair"


@dataclass(frozen=True, slots=True)
class ScoredRound:
    """Everything that points follow from. `scores` is keyed by (judge, nomination, criterion); who left the panel is not
    among `judges`, and none of her scores counts."""

    criteria: tuple[Criterion, ...]
    judges: tuple[int, ...]
    nominations: tuple[int, ...]
    scores: Mapping[tuple[int, int, int], Fraction]
    recused: frozenset[Pair] = frozenset()
    drops: bool = False
    chair: int | None = None

    def judges_of(self, nomination: int) -> tuple[int, ...]:
        """The judges who are not recused from it."""
        return tuple(judge for judge in self.judges if (judge, nomination) not in self.recused)


@dataclass(frozen=True, slots=True)
class Judged:
    """Points of a nomination with what they follow from: the points of each judge, and the two judges whose points were
    left out (highest, lowest), if any were."""

    nomination: int
    points: Fraction
    by_judge: Mapping[int, Fraction]
    dropped: tuple[int, ...] = ()

    @property
    def spread(self) -> Fraction:
        """The distance between the highest and the lowest judge."""
        return max(self.by_judge.values()) - min(self.by_judge.values())


@dataclass(frozen=True, slots=True)
class Ranked:
    """A nomination's rank; equal ranks are a tie that the rules did not decide."""

    nomination: int
    rank: int
    points: Fraction


@dataclass(frozen=True, slots=True)
class Border:
    """What changes among the chosen if one judge's scores are left out."""

    judge: int
    comes_in: frozenset[int]
    drops_out: frozenset[int]


def check_criteria(criteria: Sequence[Criterion]) -> None:
    """Check that there are criteria, that each has a weight and a range, and that the weights add up to 100 %."""
    if not criteria:
        raise Refused("criteria.none")
    if len(criteria) > CRITERIA_MOST:
        raise Refused("criteria.too_many", most=CRITERIA_MOST)
    if any(one.weight < 1 or one.most < 1 for one in criteria):
        raise Refused("criteria.range")
    total = sum(one.weight for one in criteria)
    if total != WHOLE:
        raise Refused("criteria.weights", total=total)


def check_score(value: Fraction, criterion: Criterion) -> None:
    """Raise Refused("score.range") for a value that the criterion does not allow."""
    if not 0 <= value <= criterion.most:
        raise Refused("score.range", most=criterion.most)


def missing(round_: ScoredRound) -> list[Pair]:
    """The (judge, nomination) pairs that lack a score, in the order of the nominations. Nothing is decided while there are any."""
    return [
        (judge, nomination)
        for nomination in round_.nominations
        for judge in round_.judges_of(nomination)
        if any((judge, nomination, one.id) not in round_.scores for one in round_.criteria)
    ]


def judged(round_: ScoredRound) -> list[Judged]:
    """The points of every nomination, in their order.

    Raises Refused("score.missing") naming the first pair that lacks a score, and Refused("score.no_judge") for a nomination
    from which the whole panel is recused. Highest and lowest are left out only if every nomination has five scores.
    """
    lacking = missing(round_)
    if lacking:
        judge, nomination = lacking[0]
        raise Refused("score.missing", judge=judge, nomination=nomination, n=len(lacking))
    for nomination in round_.nominations:
        if not round_.judges_of(nomination):
            raise Refused("score.no_judge", nomination=nomination)
    enough = all(len(round_.judges_of(one)) >= SCORES_FOR_DROPPING for one in round_.nominations)
    return [_judged(round_, one, drops=round_.drops and enough) for one in round_.nominations]


def ranking(round_: ScoredRound, ties: Sequence[TieBreak] = ()) -> list[Ranked]:
    """The nominations by rank, the best first; who is equal by points and by every tie-break has the same rank.

    Within a tie they stand in the order of `nominations`. Raises what `judged` does.
    """
    found = judged(round_)
    keys = {one.nomination: (one.points, *(_broken(round_, one, tie) for tie in ties)) for one in found}
    ordered = sorted(found, key=lambda one: keys[one.nomination], reverse=True)
    ranks: list[Ranked] = []
    for place, one in enumerate(ordered, 1):
        same = bool(ranks) and keys[ranks[-1].nomination] == keys[one.nomination]
        ranks.append(Ranked(one.nomination, ranks[-1].rank if same else place, one.points))
    return ranks


def chosen(ranks: Sequence[Ranked], seats: int) -> tuple[frozenset[int], frozenset[int]]:
    """Who has a seat for certain, and who is tied for the last seats so that the ranking alone cannot decide."""
    sure = frozenset(one.nomination for one in ranks if _last_place(ranks, one) <= seats)
    tied = frozenset(one.nomination for one in ranks if one.rank <= seats) - sure
    return sure, tied


def borders(round_: ScoredRound, seats: int, ties: Sequence[TieBreak] = ()) -> list[Border]:
    """For each judge without whom other nominations would have the seats: which come in and which drop out.

    A judge without whom a nomination would have no judge at all is not tried.
    """
    now, _tied = chosen(ranking(round_, ties), seats)
    found = []
    for judge in round_.judges:
        without = _without(round_, judge)
        if all(without.judges_of(one) for one in round_.nominations):
            then, _tied = chosen(ranking(without, ties), seats)
            if then != now:
                found.append(Border(judge, then - now, now - then))
    return found


def _judged(round_: ScoredRound, nomination: int, *, drops: bool) -> Judged:
    by_judge = {judge: _points(round_, judge, nomination) for judge in round_.judges_of(nomination)}
    dropped: tuple[int, ...] = ()
    if drops:
        order = sorted(by_judge, key=lambda judge: by_judge[judge])
        dropped = (order[-1], order[0])
    counted = [points for judge, points in by_judge.items() if judge not in dropped]
    return Judged(nomination, sum(counted, Fraction(0)) / len(counted), by_judge, dropped)


def _points(round_: ScoredRound, judge: int, nomination: int) -> Fraction:
    return sum(
        (one.weight * round_.scores[judge, nomination, one.id] / one.most for one in round_.criteria),
        Fraction(0),
    )


def _broken(round_: ScoredRound, one: Judged, tie: TieBreak) -> Fraction:
    """The figure that decides a tie, the higher the better; without a chair who judged it, that tie-break is 0 for all."""
    if tie is TieBreak.CHAIR:
        return one.by_judge.get(round_.chair or 0, Fraction(0)) if _chair_judged_all(round_) else Fraction(0)
    first = round_.criteria[0]
    counted = [judge for judge in one.by_judge if judge not in one.dropped]
    values = [round_.scores[judge, one.nomination, first.id] for judge in counted]
    return sum(values, Fraction(0)) / len(values)


def _chair_judged_all(round_: ScoredRound) -> bool:
    return round_.chair in round_.judges and not any(judge == round_.chair for judge, _ in round_.recused)


def _last_place(ranks: Sequence[Ranked], one: Ranked) -> int:
    """The worst place that a nomination could get if its tie went against it."""
    return one.rank + sum(other.rank == one.rank for other in ranks) - 1


def _without(round_: ScoredRound, judge: int) -> ScoredRound:
    return replace(round_, judges=tuple(one for one in round_.judges if one != judge))
