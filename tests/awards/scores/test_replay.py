"""`flask awards replay`: the ranking comes out of the stored rows again, and a row that was changed is seen."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete, update

from eventreg.awards.panel.models import Recusal
from eventreg.awards.scores import service
from eventreg.awards.scores.models import Score
from eventreg.core.db.session import db, unit_of_work
from tests.rig import judging
from tests.rig.actors import acting
from tests.rig.judging import Judging, give_all, lock_all


@pytest.fixture
def made(app: Flask) -> Judging:
    """A closed round."""
    made = judging.set_judging(app)
    give_all(app, made)
    lock_all(app, made)
    with app.app_context(), unit_of_work():
        service.close(made.round_id, actor=acting("test", made.late))
    return made


def replay(app: Flask) -> tuple[int, list[str]]:
    done = app.test_cli_runner().invoke(args=["awards", "replay", "award"])
    return done.exit_code, done.stdout.splitlines()


def test_it_prints_what_was_decided(app: Flask, made: Judging) -> None:
    assert replay(app) == (0, ["1\t安娜\t90", "2\t鄂兰\t80", "3\t职工1\t70", "different: 0"])


def test_a_changed_score_is_seen(app: Flask, made: Judging) -> None:
    with app.app_context(), unit_of_work():
        db.session.execute(update(Score).where(Score.nomination_id == made.nominations["A1"]).values(value=0))
    code, lines = replay(app)

    assert code == 1
    assert lines[-1] == "different: 3"
    assert lines[2] == "3\t安娜\t0\tstored: 1 90"


def test_a_recusal_that_is_gone_is_seen_as_a_gap(app: Flask, made: Judging) -> None:
    """A stored recusal without its row: the roster still says it, so only one that was declared can be lost."""
    with app.app_context(), unit_of_work():
        db.session.execute(delete(Recusal))

    assert replay(app)[0] == 0, "the departments say the same"


def test_without_a_round_it_says_so(app: Flask) -> None:
    assert app.test_cli_runner().invoke(args=["awards", "replay", "award"]).exit_code != 0
