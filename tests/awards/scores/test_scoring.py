"""Judges score: one value each, judge, nomination and criterion; the lock wins; the ranking equals an independent model."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flask import Flask

from eventreg.awards.panel import recusals
from eventreg.awards.panel import service as panel
from eventreg.awards.panel.rules import RecusalGround
from eventreg.awards.rounds import service as rounds
from eventreg.awards.scores import service
from eventreg.awards.scores.models import Score
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Refused
from tests.rig import judging, judging_model
from tests.rig.actors import acting
from tests.rig.at_once import run_at_once
from tests.rig.judging import Judging, give, give_all, lock_all


@pytest.fixture
def made(app: Flask) -> Judging:
    return judging.set_judging(app)


def close(app: Flask, made: Judging) -> service.RoundRanking:
    with app.app_context(), unit_of_work():
        return service.close(made.round_id, actor=acting("test", made.late))


def model(app: Flask, made: Judging, *, but: str = "") -> list[tuple[int, int, Fraction]]:
    """The independent model over the stored rows; `but` leaves the recusals out."""
    with app.app_context():
        whole = service.scored(made.round_id)
    rows = [(j, n, c, v) for (j, n, c), v in whole.scores.items()]
    return judging_model.ranked(
        [(one.id, one.weight, one.most) for one in whole.criteria],
        list(whole.judges),
        list(whole.nominations),
        rows,  # type: ignore[arg-type]
        set() if but == "recusals" else set(whole.recused),
        drops=whole.drops,
    )


def test_the_ranking_equals_the_model_and_is_stored(app: Flask, made: Judging) -> None:
    give_all(app, made)
    lock_all(app, made)
    found = close(app, made)

    told = [(one.rank, one.nomination, one.points) for one in found.ranked]
    assert told == model(app, made)
    assert [one.nomination for one in found.ranked] == [made.nominations[no] for no in ("A1", "E5", "X0001")]
    assert found.ranked[0].points == Fraction(90)
    with app.app_context():
        assert service.stored_ranking(made.round_id) == {n: (rank, points) for rank, n, points in told}


def test_sixty_per_cent_of_nine_and_forty_of_forty_are_eighty_six(app: Flask, made: Judging) -> None:
    give_all(app, made)
    give(app, made, "X0002", "A1", 9, 40)

    with app.app_context():
        points = service.ranking_of(rounds.by_id(made.round_id)).judged[made.nominations["A1"]]
    assert points.by_judge[made.people["X0002"]] == Fraction(86)


def test_a_gap_is_named_and_nobody_locks_or_closes_with_one(app: Flask, made: Judging) -> None:
    give_all(app, made)
    give(app, made, "X0002", "A1", 9)  # the second criterion loses what it had

    with pytest.raises(Refused, match="score.gap"):
        lock_all(app, made)
    with pytest.raises(Refused, match="scoring.unlocked"):
        close(app, made)
    with app.app_context(), pytest.raises(Refused, match="score.missing"):
        service.ranking_of(rounds.by_id(made.round_id))


def test_a_typed_zero_counts(app: Flask, made: Judging) -> None:
    give_all(app, made)
    give(app, made, "X0002", "A1", 0, 0)
    lock_all(app, made)

    assert close(app, made).judged[made.nominations["A1"]].by_judge[made.people["X0002"]] == 0


def test_who_leaves_takes_all_her_scores_out_and_who_declares_one(app: Flask, made: Judging) -> None:
    give_all(app, made)
    give(app, made, "X0003", "A1", 1, 5)
    give(app, made, "X0002", "E5", 1, 5)
    with app.app_context(), unit_of_work():
        hr, her = acting("test", made.late), acting(made.people["X0002"], made.late)
        panel.leave(made.round_id, made.people["X0003"], "调走", actor=hr)
        recusals.recuse(
            made.round_id,
            made.people["X0002"],
            made.nominations["E5"],
            RecusalGround.DECLARED,
            "",
            actor=her,
        )
    lock_others(app, made)
    found = close(app, made)

    assert {one.nomination: one.points for one in found.ranked} == {
        made.nominations["A1"]: Fraction(90),
        made.nominations["E5"]: Fraction(80),
        made.nominations["X0001"]: Fraction(70),
    }
    with app.app_context():
        assert db.session.query(Score).filter_by(person_id=made.people["X0003"]).count() == 4, "the rows stay"


def lock_others(app: Flask, made: Judging) -> None:
    for judge in ("C3", "F6", "X0002"):
        with app.app_context(), unit_of_work():
            service.lock_scores(made.round_id, actor=acting(made.people[judge], made.late))


@pytest.mark.parametrize(
    ("typed", "value"), [("9", 9), (" 8.5 ", Fraction(17, 2)), ("0", 0), ("９．２５", Fraction(37, 4))]
)
def test_values_as_people_type_them(typed: str, value: Fraction) -> None:
    assert service.read_value(typed) == value


@pytest.mark.parametrize("typed", ["", "九", "9.123", "1e400", "nan", "inf", "9,5"])
def test_what_is_no_score(typed: str) -> None:
    with pytest.raises(Refused, match="score.number"):
        service.read_value(typed)


@pytest.mark.parametrize("value", [10.01, -0.01])
def test_a_score_out_of_range_is_refused(app: Flask, made: Judging, value: float) -> None:
    with pytest.raises(Refused, match="score.range"):
        give(app, made, "X0002", "A1", value)


def test_after_the_lock_nothing_changes(app: Flask, made: Judging) -> None:
    give_all(app, made)
    lock_all(app, made)

    with pytest.raises(Refused, match="score.locked"):
        give(app, made, "X0002", "A1", 1, 1)


def test_after_closing_nothing_changes_either(app: Flask, made: Judging) -> None:
    give_all(app, made)
    lock_all(app, made)
    first = close(app, made)

    assert [one.points for one in close(app, made).ranked] == [one.points for one in first.ranked]
    with pytest.raises(Refused, match="score.closed"):
        give(app, made, "X0002", "A1", 1, 1)


def test_without_the_undertaking_nobody_scores(app: Flask) -> None:
    made = judging.set_judging(app, opened=False)
    with app.app_context(), unit_of_work():
        rounds.open_round(made.campaign_id, voting=4, actor=acting("test", made.late))

    with pytest.raises(Refused, match="score.unpledged"):
        give(app, made, "X0002", "A1", 9, 45)


@pytest.mark.race
def test_two_tabs_at_once_are_one_score(app: Flask, made: Judging) -> None:
    run_at_once(app, *(lambda v=v: give(app, made, "X0002", "A1", v, v) for v in range(1, 7)))

    with app.app_context():
        rows = db.session.query(Score).filter_by(person_id=made.people["X0002"]).all()
        assert len(rows) == 2
        assert len({row.value for row in rows}) == 1, "both of one tab"


def test_leaving_the_recusals_out_gives_another_result(app: Flask, made: Judging) -> None:
    """The control of the model: it does follow from the rows of recusal."""
    give_all(app, made)
    with app.app_context(), unit_of_work():
        row = db.session.query(Score).filter_by(
            person_id=made.people["X0002"], nomination_id=made.nominations["A1"]
        )
        row.update({"value": 0})
        recusals.recuse(
            made.round_id,
            made.people["X0002"],
            made.nominations["A1"],
            RecusalGround.SET,
            "亲属",
            actor=acting("test", made.late),
        )

    with app.app_context():
        points = service.ranking_of(rounds.by_id(made.round_id)).judged[made.nominations["A1"]].points
    assert points == Fraction(90)
    assert {n: p for _r, n, p in model(app, made, but="recusals")}[made.nominations["A1"]] != points
