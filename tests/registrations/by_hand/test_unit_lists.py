"""A contact's list: wrong numbers are named by line, the others are entered in the order of the list, by the same rules."""

from __future__ import annotations

import pytest
from flask import Flask

from eventreg.campaigns.service import campaign_by_id
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.people.service import find_unit, units_under
from eventreg.registrations.by_hand import unit_lists
from eventreg.registrations.by_hand.unit_lists import ListedPerson, ListOutlook
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import CLOSES, NOW, Stage
from tests.rig.mailbox import newest

from .hands import acts, queue


@pytest.fixture
def stage(app: Flask) -> Stage:
    return cast.set_stage(app)


def in_care(app: Flask) -> set[int]:
    """The units of 营销部: A1, B2 and C3 are of them."""
    with app.app_context():
        return units_under(find_unit("营销部") or 0)


def foresee(app: Flask, stage: Stage, text: str, *, late: bool = False) -> ListOutlook:
    units = in_care(app)
    with app.app_context():
        campaign = campaign_by_id(stage.campaign_id)
        return unit_lists.foresee(campaign, text, in_care=units, now=CLOSES if late else NOW)


def enter(app: Flask, stage: Stage, *people: str) -> list[ListedPerson]:
    units, ids = in_care(app), [stage.people[who] for who in people]
    with app.app_context(), unit_of_work():
        actor = acting(stage.people["A1"], NOW, stage.keys)
        return unit_lists.enter_all(
            stage.campaign_id, ids, notice_id=stage.notice_id, in_care=units, actor=actor
        )


def test_wrong_numbers_are_named_by_line(app: Flask, stage: Stage) -> None:
    queue(app, stage, "C3")
    sight.leave(app, stage.people["B2"])

    found = foresee(app, stage, "A1\nZ9\nD4 邓力\n\nB2\nC3\na1")

    assert [(p.line, p.staff_no, p.code) for p in found.problems] == [
        (2, "Z9", "list.unknown"),
        (3, "D4", "list.other_unit"),
        (5, "B2", "list.left"),
        (6, "C3", "list.signed_up"),
        (7, "a1", "list.twice"),
    ]
    assert found.people == ()
    assert list(sight.places(app)) == ["C3"]


def test_the_preview_says_what_each_gets_and_the_entry_does_it(app: Flask, stage: Stage) -> None:
    queue(app, stage, "E5")
    ahead = foresee(app, stage, "C3\nA1\nB2")
    done = enter(app, stage, "C3", "A1", "B2")

    assert [(p.staff_no, str(p.state), p.position) for p in ahead.people] == [
        ("C3", "seated", None),
        ("A1", "waiting", 1),
        ("B2", "waiting", 2),
    ]
    assert done == list(ahead.people)
    assert sight.places(app) == {"E5": "seated", "C3": "seated", "A1": "waiting", "B2": "waiting"}
    assert acts(app) == [("enter", "unit_list", None)] * 3
    assert [kind for kind, _ in sight.letters(app)][1:] == [
        "entered_seated", "entered_waiting", "entered_waiting",
    ]  # fmt: skip
    assert sight.drift(app) == []


def test_the_letter_names_the_contact(app: Flask, stage: Stage) -> None:
    enter(app, stage, "C3")

    told = newest(app, "entered_seated", now=NOW)

    assert told is not None
    assert dict(told.facts)["经办"] == "单位联系人 安娜"
    assert "本单位的联系人" in told.why


def test_entered_twice_it_is_once(app: Flask, stage: Stage) -> None:
    enter(app, stage, "C3", "A1")

    again = enter(app, stage, "C3", "A1")

    assert [one.refused and one.refused.code for one in again] == ["registration.exists"] * 2
    assert len(acts(app)) == 2


def test_nobody_of_another_unit_is_entered(app: Flask, stage: Stage) -> None:
    assert [one.staff_no for one in enter(app, stage, "D4", "A1")] == ["A1"]
    assert list(sight.places(app)) == ["A1"]


def test_after_the_deadline_a_contact_enters_nobody(app: Flask, stage: Stage) -> None:
    with pytest.raises(Refused, match="registration.closed"):
        foresee(app, stage, "A1", late=True)
