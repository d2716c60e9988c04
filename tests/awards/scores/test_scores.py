"""Points and ranks equal an independent model, in exact fractions; a missing score decides nothing."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest

from eventreg.awards.scores.rules import (
    Criterion,
    ScoredRound,
    TieBreak,
    borders,
    check_criteria,
    check_score,
    chosen,
    judged,
    missing,
    ranking,
)
from eventreg.core.errors import Refused
from tests.rig import judging_model

ROUNDS = 10_000
ONE = (Criterion(1, 100, 100),)


def round_of(rows: dict[int, dict[int, int]], **more: object) -> ScoredRound:
    """A round with one criterion: nomination → judge → value."""
    judges = tuple(sorted({judge for row in rows.values() for judge in row}))
    scores = {(j, n, 1): Fraction(v) for n, row in rows.items() for j, v in row.items()}
    return replace(ScoredRound(ONE, judges, tuple(rows), scores), **more)  # type: ignore[arg-type]


def random_round(dice: random.Random) -> ScoredRound:
    """Small figures, so that ties happen; some judges are recused, and each nomination keeps one judge."""
    weights = dice.choice([[100], [60, 40], [33, 33, 34], [25, 25, 25, 25]])
    criteria = tuple(Criterion(n, w, dice.choice([5, 10, 100])) for n, w in enumerate(weights, 1))
    judges, nominations = tuple(range(1, dice.randint(2, 9))), tuple(range(1, dice.randint(2, 15)))
    pairs = {(j, n) for j in judges for n in nominations if dice.random() < 0.15}
    recused = frozenset(pair for pair in pairs if pair[0] != 1)
    scores = {
        (j, n, c.id): Fraction(dice.randint(0, min(c.most, 6)))
        for j in judges
        for n in nominations
        for c in criteria
    }
    return ScoredRound(criteria, judges, nominations, scores, recused, drops=dice.random() < 0.5)


def test_ten_thousand_random_rounds_equal_the_model() -> None:
    dice, dropped, ties = random.Random(38), 0, 0
    for _ in range(ROUNDS):
        one = random_round(dice)
        found = [(r.rank, r.nomination, r.points) for r in ranking(one)]
        wanted = judging_model.ranked(
            [(c.id, c.weight, c.most) for c in one.criteria],
            list(one.judges),
            list(one.nominations),
            [(*key, int(value)) for key, value in one.scores.items()],
            set(one.recused),
            drops=one.drops,
        )
        assert found == wanted
        dropped += any(line.dropped for line in judged(one))
        ties += len({rank for rank, _, _ in wanted}) < len(wanted)

    assert dropped > ROUNDS // 50, "no round in which scores were dropped: the comparison saw nothing of it"
    assert ties > ROUNDS // 50


def test_sixty_and_forty_per_cent_are_74() -> None:
    one = ScoredRound(
        (Criterion(1, 60, 10), Criterion(2, 40, 100)),
        (7,),
        (1,),
        {(7, 1, 1): Fraction(9), (7, 1, 2): Fraction(50)},
    )

    assert judged(one)[0].points == 74


def test_the_extremes_are_left_out_only_if_every_nomination_has_five_scores() -> None:
    rows = {1: dict(enumerate([0, 60, 70, 80, 100], 1)), 2: dict(enumerate([50, 50, 50, 50, 50], 1))}
    five = round_of(rows, drops=True)
    four = replace(five, recused=frozenset({(1, 2)}))

    assert [line.points for line in judged(five)] == [70, 50]
    assert judged(five)[0].dropped == (5, 1)
    assert [line.points for line in judged(four)] == [62, 50]


def test_a_recused_judge_leaves_the_denominator() -> None:
    one = round_of({1: {1: 90, 2: 60, 3: 60}}, recused=frozenset({(1, 1)}))

    assert judged(one)[0].points == 60
    assert judged(one)[0].spread == 0


def test_a_missing_score_is_named_and_a_typed_zero_counts() -> None:
    one = round_of({1: {1: 80, 2: 0}, 2: {1: 70, 2: 70}})
    gap = replace(one, scores={key: value for key, value in one.scores.items() if key != (2, 1, 1)})

    assert judged(one)[0].points == 40
    assert missing(gap) == [(2, 1)]
    with pytest.raises(Refused, match="score.missing") as refused:
        ranking(gap)
    assert (refused.value.facts["judge"], refused.value.facts["nomination"]) == (2, 1)


def test_a_nomination_without_any_judge_is_named() -> None:
    with pytest.raises(Refused, match="score.no_judge"):
        ranking(round_of({1: {1: 80}}, recused=frozenset({(1, 1)})))


def test_who_left_the_panel_takes_all_her_scores_out() -> None:
    one = round_of({1: {1: 100, 2: 50}, 2: {1: 40, 2: 60}})

    assert [r.nomination for r in ranking(one)] == [1, 2]
    assert [r.nomination for r in ranking(replace(one, judges=(2,)))] == [2, 1]


def test_ties_are_broken_in_the_order_of_the_rules_or_stay() -> None:
    two = (Criterion(1, 50, 100), Criterion(2, 50, 100))
    scores = {
        (1, 1, 1): Fraction(80),
        (1, 1, 2): Fraction(60),
        (1, 2, 1): Fraction(60),
        (1, 2, 2): Fraction(80),
    }
    one = ScoredRound(two, (1,), (2, 1), scores)

    assert [(r.rank, r.nomination) for r in ranking(one)] == [(1, 2), (1, 1)]
    assert [(r.rank, r.nomination) for r in ranking(one, (TieBreak.FIRST_CRITERION,))] == [(1, 1), (2, 2)]


def test_the_chair_decides_only_where_she_judged_everybody() -> None:
    rows = {1: {1: 70, 2: 80}, 2: {1: 80, 2: 70}}
    one = round_of(rows, chair=1)
    away = round_of({**rows, 3: {1: 0, 2: 0}}, chair=1, recused=frozenset({(1, 3)}))

    assert [r.nomination for r in ranking(one, (TieBreak.CHAIR,))] == [2, 1]
    assert [r.rank for r in ranking(away, (TieBreak.CHAIR,))] == [1, 1, 3]


def test_a_tie_for_the_last_seat_is_not_decided_by_the_order() -> None:
    ranks = ranking(round_of({1: {1: 90}, 2: {1: 80}, 3: {1: 80}, 4: {1: 10}}))

    assert chosen(ranks, 2) == (frozenset({1}), frozenset({2, 3}))
    assert chosen(ranks, 3) == (frozenset({1, 2, 3}), frozenset())
    assert chosen(ranks, 1) == (frozenset({1}), frozenset())


def test_it_is_said_what_changes_without_one_judge() -> None:
    one = round_of({1: {1: 90, 2: 50, 3: 60}, 2: {1: 10, 2: 60, 3: 70}})

    assert [(b.judge, set(b.comes_in), set(b.drops_out)) for b in borders(one, 1)] == [(1, {2}, {1})]


@pytest.mark.parametrize(
    ("criteria", "code"),
    [
        ((), "criteria.none"),
        ((Criterion(1, 60, 10), Criterion(2, 30, 10)), "criteria.weights"),
        ((Criterion(1, 100, 0),), "criteria.range"),
        ((Criterion(1, 0, 10), Criterion(2, 100, 10)), "criteria.range"),
        (tuple(Criterion(n, 1, 10) for n in range(100)), "criteria.too_many"),
    ],
)
def test_criteria_that_cannot_be_are_refused(criteria: tuple[Criterion, ...], code: str) -> None:
    with pytest.raises(Refused, match=code):
        check_criteria(criteria)


@pytest.mark.parametrize("value", [Fraction(-1), Fraction(101), Fraction(1001, 10)])
def test_a_score_out_of_range_is_refused(value: Fraction) -> None:
    with pytest.raises(Refused, match="score.range"):
        check_score(value, ONE[0])
