"""Who may sit in a panel, what she is recused from, and what a seat that ends does to scores."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import update

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.awards.panel import recusals, service
from eventreg.awards.panel.rules import PanelPart, RecusalGround
from eventreg.awards.scores import service as scores
from eventreg.campaigns import campaign_grants
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.people.models import Person
from tests.rig import judging
from tests.rig.actors import acting
from tests.rig.cast import NOW
from tests.rig.judging import Judging


@pytest.fixture
def made(app: Flask) -> Judging:
    return judging.set_judging(app)


def seat(app: Flask, made: Judging, staff_no: str, part: PanelPart = PanelPart.JUDGE) -> None:
    with app.app_context(), unit_of_work():
        service.seat(made.round_id, staff_no, part, actor=acting("test", made.late))


def grounds_of(app: Flask, made: Judging) -> dict[tuple[str, str], str]:
    """(judge, nominee) → ground, by staff number."""
    people, nominees = ({v: k for k, v in one.items()} for one in (made.people, made.nominations))
    with app.app_context():
        return {
            (people[one.person_id], nominees[one.nomination_id]): str(one.ground)
            for one in recusals.list_of(made.round_id)
        }


def reads(app: Flask, made: Judging, judge: str) -> set[str]:
    """Whom a judge reads."""
    nominees = {v: k for k, v in made.nominations.items()}
    with app.app_context():
        return {nominees[id_] for id_ in scores.readable(made.round_id, made.people[judge])}


def test_the_own_department_is_recused_by_itself(app: Flask, made: Judging) -> None:
    assert grounds_of(app, made) == {
        ("C3", "A1"): "department",
        ("F6", "E5"): "department",
        ("X0002", "X0001"): "department",
        ("X0003", "X0001"): "department",
    }
    assert reads(app, made, "C3") == {"E5", "X0001"}


def test_conflicts_are_known_before_somebody_is_invited(app: Flask, made: Judging) -> None:
    with app.app_context():
        of_contact = recusals.conflicts(made.campaign_id, made.people["B2"])

    assert [[str(g) for g in one.grounds] for one in of_contact] == [
        ["department", "made"],
        ["made"],
        ["made"],
    ]


@pytest.mark.parametrize(
    ("staff_no", "code"), [("A1", "panel.candidate"), ("NOBODY", "panel.unknown"), ("D4", "panel.sees_all")]
)
def test_who_cannot_sit(app: Flask, made: Judging, staff_no: str, code: str) -> None:
    with app.app_context(), unit_of_work():
        grants.grant(made.people["D4"], Role.HR_REVIEWER, unit_id=None, actor=acting("test", NOW))

    with pytest.raises(Refused, match=code):
        seat(app, made, staff_no)


def test_an_organiser_of_the_award_cannot_sit(app: Flask, made: Judging) -> None:
    with app.app_context(), unit_of_work():
        campaign_grants.grant(made.people["D4"], Role.ORGANISER, "award", actor=acting("test", NOW))

    with pytest.raises(Refused, match="panel.sees_all"):
        seat(app, made, "D4")


def test_there_is_one_chair(app: Flask, made: Judging) -> None:
    with pytest.raises(Refused, match="panel.chair"):
        seat(app, made, "X0004", PanelPart.CHAIR)


def test_a_declaration_hides_it_at_once_and_is_kept(app: Flask, made: Judging) -> None:
    judging.give(app, made, "X0002", "A1", 9, 45)
    with app.app_context(), unit_of_work():
        actor = acting(made.people["X0002"], made.late)
        for _twice in range(2):
            recusals.recuse(
                made.round_id,
                made.people["X0002"],
                made.nominations["A1"],
                RecusalGround.DECLARED,
                "表姐",
                actor=actor,
            )

    assert reads(app, made, "X0002") == {"E5"}
    assert grounds_of(app, made)["X0002", "A1"] == "declared"
    with pytest.raises(NotFound):
        judging.give(app, made, "X0002", "A1", 9, 45)


def test_who_moves_into_a_nominees_department_is_recused_and_stays_so(app: Flask, made: Judging) -> None:
    judging.give(app, made, "X0002", "A1", 9, 45)

    def move(to: str) -> None:
        with app.app_context(), unit_of_work():
            unit_id = db.session.get_one(Person, made.people[to]).unit_id
            db.session.execute(
                update(Person).where(Person.id == made.people["X0002"]).values(unit_id=unit_id)
            )

    move("A1")
    judging.give(app, made, "X0002", "E5", 8, 40)  # whatever writes in the round keeps the recusal
    hidden = reads(app, made, "X0002")
    move("X0003")

    assert hidden == {"E5"}
    assert grounds_of(app, made)["X0002", "A1"] == "department"
    assert reads(app, made, "X0002") == {"E5"}


def test_who_leaves_reads_nothing_more(app: Flask, made: Judging) -> None:
    with app.app_context(), unit_of_work():
        service.leave(made.round_id, made.people["X0003"], "出差", actor=acting("test", made.late))

    with pytest.raises(NotFound):
        reads(app, made, "X0003")
    with pytest.raises(Refused, match="panel.left"):
        seat(app, made, "X0003")


def test_a_substitute_reads_nothing_until_she_takes_a_seat(app: Flask, made: Judging) -> None:
    seat(app, made, "X0004", PanelPart.SUBSTITUTE)
    with pytest.raises(NotFound):
        reads(app, made, "X0004")
    seat(app, made, "X0004")

    assert reads(app, made, "X0004") == {"A1", "E5"}
