"""Places set anew: raised ones go to the line at once; lowered ones cancel nobody and admit nobody (I1, law 6)."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from eventreg.campaigns.inputs import NewPool
from eventreg.campaigns.rules import PoolScope, ScheduleState
from eventreg.campaigns.service import campaigns_by_id
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.people.service import find_unit
from eventreg.registrations import announcing
from eventreg.registrations.capacity import change_places, seat_after_moves
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import BEGUN, NOW, Stage
from tests.rig.plans import as_new, do, facts
from tests.rig.statements import statements


def queue(app: Flask, stage: Stage, *people: str) -> None:
    for staff_no in people:
        cast.sign_up(app, stage, staff_no)


def bound(app: Flask, stage: Stage, *bounds: NewPool) -> list[int]:
    """Set these bounds, as the edge does."""
    with app.app_context():
        seen = campaigns_by_id({stage.campaign_id})[stage.campaign_id].version
        with unit_of_work():
            return change_places(stage.campaign_id, bounds, seen=seen, actor=acting("test", NOW, stage.keys))


def seat_again(app: Flask, stage: Stage, *, now: datetime = NOW) -> int:
    """How many are seated after the roster has changed."""
    with app.app_context(), unit_of_work():
        return len(seat_after_moves(keys=stage.keys, now=now))


def pools(app: Flask, stage: Stage) -> list[tuple[str, int, int]]:
    """(scope, capacity, taken) of the campaign's pools."""
    with app.app_context():
        facts = campaigns_by_id({stage.campaign_id})[stage.campaign_id]
    return [(str(pool.scope), pool.capacity, pool.taken) for pool in facts.pools]


def test_raised_places_seat_the_line_in_order_and_tell_each(app: Flask, stage: Stage) -> None:
    queue(app, stage, "A1", "B2", "C3", "D4", "E5")

    seated = cast.set_capacity(app, stage, 4)

    assert sight.places(app) == {
        "A1": "seated", "B2": "seated", "C3": "seated", "D4": "seated", "E5": "waiting",
    }  # fmt: skip
    assert len(seated) == 2
    assert [kind for kind, _ in sight.letters(app)][5:] == ["registration_promoted"] * 2
    assert sight.audit_actions(app)[-3:] == [
        "campaign.places_changed", "registration.promoted", "registration.promoted",
    ]  # fmt: skip
    assert sight.drift(app) == []


def test_lowered_places_cancel_nobody_and_admit_nobody(app: Flask, stage: Stage) -> None:
    queue(app, stage, "A1", "B2", "C3")
    cast.set_capacity(app, stage, 1)
    cast.withdraw(app, stage, "A1")
    cast.sign_up(app, stage, "D4")

    assert sight.places(app) == {"A1": "withdrawn", "B2": "seated", "C3": "waiting", "D4": "waiting"}
    assert pools(app, stage) == [("total", 1, 1)]
    assert sight.drift(app) == []


def test_without_a_bound_everybody_who_waits_is_seated(app: Flask, stage: Stage) -> None:
    queue(app, stage, "A1", "B2", "C3", "D4")

    cast.set_capacity(app, stage, None)

    assert set(sight.places(app).values()) == {"seated"}
    assert (pools(app, stage), sight.drift(app)) == ([], [])


def test_a_new_bound_counts_who_has_a_place_already(app: Flask) -> None:
    stage = cast.set_stage(app, capacity=None)
    queue(app, stage, "A1", "B2", "C3")

    bound(app, stage, NewPool(PoolScope.TOTAL, 3), NewPool(PoolScope.GENDER, 1, gender="male"))
    queue(app, stage, "D4", "E5")
    cast.withdraw(app, stage, "B2")

    assert sight.places(app) == {
        "A1": "seated", "B2": "withdrawn", "C3": "seated", "D4": "seated", "E5": "waiting",
    }  # fmt: skip
    assert pools(app, stage) == [("total", 3, 3), ("gender", 1, 1)]
    assert sight.drift(app) == []


def test_places_reserved_for_women_are_kept_from_men_in_line(app: Flask, stage: Stage) -> None:
    queue(app, stage, "A1", "B2", "D4", "C3")

    bound(app, stage, NewPool(PoolScope.TOTAL, 3), NewPool(PoolScope.GENDER, 1, gender="male"))

    assert sight.places(app) == {"A1": "seated", "B2": "seated", "D4": "waiting", "C3": "seated"}
    assert "registration.passed_over" in sight.audit_actions(app)
    assert sight.drift(app) == []


def test_who_waits_behind_a_full_bound_is_passed_over_once_for_each_seat(app: Flask, stage: Stage) -> None:
    queue(app, stage, "A1", "B2", "D4")
    bound(app, stage, NewPool(PoolScope.TOTAL, 2), NewPool(PoolScope.GENDER, 0, gender="male"))

    cast.withdraw(app, stage, "A1")
    assert sight.audit_actions(app, "registration.passed_over") == []  # nobody came from behind
    queue(app, stage, "C3", "E5")
    bound(app, stage, NewPool(PoolScope.TOTAL, 3), NewPool(PoolScope.GENDER, 0, gender="male"))

    assert sight.places(app)["D4"] == "waiting"
    assert len(sight.audit_actions(app, "registration.passed_over")) == 1
    assert sight.drift(app) == []


def test_the_line_is_read_by_the_hundred_and_not_one_by_one(app: Flask, stage: Stage) -> None:
    def asked(total: int) -> int:
        with statements(app) as counted:
            bound(app, stage, NewPool(PoolScope.TOTAL, total), NewPool(PoolScope.GENDER, 0, gender="male"))
        return len(counted)

    queue(app, stage, "A1", "C3", "D4")
    asked(3)
    one_waits = asked(4)
    queue(app, stage, "B2")

    assert asked(5) == one_waits


def test_whom_the_roster_moves_to_a_unit_with_room_is_seated(app: Flask, stage: Stage) -> None:
    with app.app_context():
        unit, other = find_unit("营销部"), find_unit("城关供电所")
    bound(app, stage, NewPool(PoolScope.TOTAL, 9), NewPool(PoolScope.UNIT, 1, unit_id=unit))
    queue(app, stage, "A1", "C3", "B2")

    assert seat_again(app, stage) == 0
    sight.correct(app, stage.people["B2"], unit_id=other)
    assert seat_again(app, stage) == 1

    assert sight.places(app) == {"A1": "seated", "C3": "waiting", "B2": "seated"}
    assert len(sight.audit_actions(app, "registration.passed_over")) == 1
    assert (seat_again(app, stage), sight.drift(app)) == (0, [])


def test_once_it_has_begun_no_move_seats_anybody(app: Flask, stage: Stage) -> None:
    bound(app, stage, NewPool(PoolScope.TOTAL, 9), NewPool(PoolScope.GENDER, 0, gender="female"))
    queue(app, stage, "A1")
    sight.correct(app, stage.people["A1"], gender="male")

    assert seat_again(app, stage, now=BEGUN) == 0
    assert seat_again(app, stage) == 1


def test_places_added_where_all_is_called_off_seat_nobody(app: Flask, stage: Stage) -> None:
    queue(app, stage, "A1", "B2", "C3")
    for activity in facts(app, "outing").activities:
        do(
            app,
            "outing",
            announcing.change_activity,
            activity.id,
            as_new(activity, schedule=ScheduleState.CANCELLED),
        )

    cast.set_capacity(app, stage, 9)

    assert sight.places(app)["C3"] == "waiting"
    assert pools(app, stage) == [("total", 9, 2)]


def test_a_unit_s_allocation_binds_its_teams(app: Flask, stage: Stage) -> None:
    queue(app, stage, "A1", "B2", "C3", "E5", "F6")
    with app.app_context():
        unit = find_unit("营销部")

    bound(app, stage, NewPool(PoolScope.TOTAL, 4), NewPool(PoolScope.UNIT, 2, unit_id=unit))

    assert sight.places(app) == {
        "A1": "seated", "B2": "seated", "C3": "waiting", "E5": "seated", "F6": "seated",
    }  # fmt: skip
    assert pools(app, stage) == [("total", 4, 4), ("unit", 2, 2)]
    assert sight.drift(app) == []


def test_places_that_somebody_else_has_changed_meanwhile_are_left_alone(app: Flask, stage: Stage) -> None:
    with app.app_context(), pytest.raises(Refused, match="plan.changed_meanwhile"), unit_of_work():
        change_places(
            stage.campaign_id, [NewPool(PoolScope.TOTAL, 9)], seen=0, actor=acting("test", NOW, stage.keys)
        )

    assert pools(app, stage) == [("total", 2, 0)]


def test_once_it_has_begun_places_stay_as_they_are(app: Flask, stage: Stage) -> None:
    with pytest.raises(Refused, match="plan.started"):
        cast.set_capacity(app, stage, 9, now=BEGUN)


def test_the_same_places_again_change_and_record_nothing(app: Flask, stage: Stage) -> None:
    cast.set_capacity(app, stage, 2)

    assert sight.audit_actions(app, "campaign.places") == []
