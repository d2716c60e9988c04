"""Who has not signed up, by unit, and one letter a day to each of them who has a mailbox."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg.campaigns.service import campaign_by_id
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Refused
from eventreg.delivery import letters
from eventreg.outbox.models import Letter
from eventreg.people.models import Person
from eventreg.people.service import units_under
from eventreg.reminders.audiences import AUDIENCES
from eventreg.season import sign_up_gaps
from eventreg.season.sign_up_gaps import Reminded
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import CLOSES, NOW, Stage
from tests.rig.mailbox import newest

from .forum import unit


@pytest.fixture
def stage(app: Flask) -> Stage:
    return cast.set_stage(app)


def gaps(app: Flask, stage: Stage, *, now: datetime = NOW) -> dict[str, list[tuple[str, bool]]]:
    """Path → (staff number, reminded today) of those who have not signed up."""
    with app.app_context():
        found = sign_up_gaps.list_gaps(campaign_by_id(stage.campaign_id), now=now)
    return {gap.path: [(one.staff_no, one.reminded) for one in gap.people] for gap in found}


def remind(app: Flask, stage: Stage, *, now: datetime = NOW, within: set[int] | None = None) -> Reminded:
    with app.app_context(), unit_of_work():
        actor = acting(stage.people["F6"], now)
        return sign_up_gaps.remind(stage.campaign_id, actor=actor, within=within)


def told(app: Flask) -> list[str]:
    with app.app_context():
        rows = select(Person.staff_no).join(Letter, Letter.person_id == Person.id)
        mine = rows.where(Letter.kind == sign_up_gaps.KIND).order_by(Letter.id)
        return list(db.session.scalars(mine))


def test_those_who_have_not_signed_up_stand_by_unit(app: Flask, stage: Stage) -> None:
    for who in ("A1", "E5"):
        cast.sign_up(app, stage, who)
    sight.leave(app, stage.people["F6"])

    assert gaps(app, stage) == {
        "城关供电所 运维一班": [("D4", False)],
        "营销部 抄核收班": [("C3", False)],
        "营销部 客户服务班": [("B2", False)],
    }
    cast.withdraw(app, stage, "A1")
    assert gaps(app, stage)["营销部 客户服务班"] == [("A1", False), ("B2", False)]


def test_each_is_reminded_once_a_day_and_the_unreachable_are_named(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")

    assert remind(app, stage) == Reminded(4, ("邓力",))
    assert told(app) == ["B2", "C3", "E5", "F6"]
    assert gaps(app, stage)["营销部 抄核收班"] == [("C3", True)]
    with pytest.raises(Refused, match="gaps.reminded_today"):
        remind(app, stage)
    assert remind(app, stage, now=NOW + timedelta(days=1)).sent == 4


def test_whom_a_contact_reminded_the_organiser_does_not_remind_again_that_day(
    app: Flask, stage: Stage
) -> None:
    unit_id = unit(app, "营销部")
    with app.app_context():
        theirs = units_under(unit_id)

    assert [remind(app, stage, within=theirs).sent, remind(app, stage).sent] == [3, 2]


def test_the_letter_is_overtaken_by_a_sign_up(app: Flask, stage: Stage) -> None:
    remind(app, stage, within={unit(app, "城关供电所")})
    before = newest(app, sign_up_gaps.KIND, now=NOW)
    cast.sign_up(app, stage, "F6")

    assert before is not None
    assert (before.action or ("", ""))[1].endswith("/campaigns/outing")
    assert newest(app, sign_up_gaps.KIND, now=NOW) is None


def test_after_the_deadline_nobody_is_reminded(app: Flask, stage: Stage) -> None:
    with pytest.raises(Refused, match="registration.closed"):
        remind(app, stage, now=CLOSES)

    assert told(app) == []


def test_every_audience_of_reminders_has_a_letter_that_can_be_written() -> None:
    assert {audience.kind for audience in AUDIENCES} - letters.KINDS.keys() == set()
