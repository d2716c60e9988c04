"""A place that is added for one person: it is theirs, ends with them, and moves nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from eventreg.campaigns.inputs import NewPool
from eventreg.campaigns.rules import PoolScope
from eventreg.core.errors import Refused
from eventreg.people.service import find_unit
from eventreg.registrations import seating
from eventreg.registrations.by_hand import added_places
from eventreg.registrations.by_hand.rules import HandReason
from eventreg.season import leavers
from tests.rig import cast, sight
from tests.rig.cast import BEGUN, NOW, Stage
from tests.rig.options import ride

from .hands import acts, add_place, bound, enter, line, pools, queue, take_out

FIVE = ("X0001", "X0002", "X0003", "X0004", "X0005")


@pytest.fixture
def stage(app: Flask) -> Stage:
    """Two of two places taken, five wait."""
    found = cast.set_stage(app, extra=8)
    queue(app, found, "A1", "C3", *FIVE)
    return found


def test_one_more_for_the_director_is_hers_and_the_five_keep_their_positions(
    app: Flask, stage: Stage
) -> None:
    got = add_place(app, stage, "E5")

    assert (str(got.state), got.arrival, got.position) == ("seated", 8, None)
    assert pools(app, stage) == [("total", 2, 1, 3)]
    assert line(app, stage) == list(FIVE)
    assert acts(app) == [("enter", "place_added", None)]
    assert sight.drift(app) == []


@pytest.mark.parametrize("end", [cast.withdraw, take_out])
def test_it_ends_with_her_and_nobody_moves_up(app: Flask, stage: Stage, end: object) -> None:
    add_place(app, stage, "E5")

    end(app, stage, "E5")  # type: ignore[operator]

    assert pools(app, stage) == [("total", 2, 0, 2)]
    assert line(app, stage) == list(FIVE)
    assert [kind for kind, _ in sight.letters(app)].count("registration_promoted") == 0
    assert sight.drift(app) == []


def test_nobody_slips_in_when_somebody_else_leaves(app: Flask, stage: Stage) -> None:
    add_place(app, stage, "E5")

    cast.withdraw(app, stage, "A1")

    assert pools(app, stage) == [("total", 2, 1, 3)]
    assert line(app, stage) == list(FIVE[1:])
    assert sight.places(app)["E5"] == "seated"


def test_one_of_the_five_is_seated_and_the_four_keep_their_order(app: Flask, stage: Stage) -> None:
    got = add_place(app, stage, "X0003")
    again = add_place(app, stage, "X0003")

    assert [got.arrival, again.created] == [5, False]
    assert line(app, stage) == ["X0001", "X0002", "X0004", "X0005"]
    assert pools(app, stage) == [("total", 2, 1, 3)]
    cast.withdraw(app, stage, "X0003")
    assert line(app, stage) == ["X0001", "X0002", "X0004", "X0005"]
    assert (pools(app, stage), sight.drift(app)) == ([("total", 2, 0, 2)], [])


def test_a_place_is_added_in_each_full_pool_that_binds(app: Flask) -> None:
    stage = cast.set_stage(app, capacity=9)
    with app.app_context():
        unit = find_unit("营销部")
    men = NewPool(PoolScope.GENDER, 1, gender="male")
    bound(app, stage, 3, men, NewPool(PoolScope.UNIT, 2, unit_id=unit))
    queue(app, stage, "A1", "C3", "D4", "E5")
    before = pools(app, stage)

    add_place(app, stage, "B2")

    assert before == [("total", 3, 0, 3), ("gender", 1, 0, 1), ("unit", 2, 0, 2)]
    assert pools(app, stage) == [("total", 3, 1, 4), ("gender", 1, 1, 2), ("unit", 2, 1, 3)]
    assert line(app, stage) == ["E5"]
    cast.withdraw(app, stage, "B2")
    assert (pools(app, stage), line(app, stage), sight.drift(app)) == (before, ["E5"], [])


def test_a_pool_with_room_to_spare_has_as_many_free_places_as_before(app: Flask) -> None:
    stage = cast.set_stage(app)
    bound(app, stage, 2, NewPool(PoolScope.GENDER, 5, gender="female"))
    queue(app, stage, "B2", "D4")

    add_place(app, stage, "A1")

    assert pools(app, stage) == [("total", 2, 1, 3), ("gender", 5, 1, 1)]
    cast.withdraw(app, stage, "A1")
    assert [pools(app, stage), sight.drift(app)] == [[("total", 2, 0, 2), ("gender", 5, 0, 0)], []]


def test_places_kept_for_women_are_not_used_up_by_an_added_man(app: Flask) -> None:
    stage = cast.set_stage(app)
    bound(app, stage, 3, NewPool(PoolScope.GENDER, 1, gender="male"))
    queue(app, stage, "B2")

    add_place(app, stage, "D4")

    assert pools(app, stage) == [("total", 3, 1, 2), ("gender", 1, 1, 2)]
    queue(app, stage, "A1", "C3", "E5")
    assert [sight.places(app)[who] for who in ("A1", "C3", "E5")] == ["seated", "seated", "waiting"]
    assert sight.drift(app) == []


def test_an_added_place_of_an_option_ends_when_another_is_chosen(app: Flask) -> None:
    stage = cast.set_stage(app)
    buses = ride(app, stage, {"1 号车": 1, "2 号车": 1})
    buses.sign_up(app, "A1", "1 号车")
    buses.sign_up(app, "C3", "2 号车")
    answers = buses.answers(app, ["1 号车"])

    enter(app, stage, "E5", HandReason.PLACE_ADDED, adding=True, answers=answers)

    assert pools(app, stage) == [("total", 2, 1, 3), ("option", 1, 1, 2), ("option", 1, 0, 1)]
    cast.withdraw(app, stage, "C3")
    buses.choose(app, "E5", "2 号车")
    assert pools(app, stage) == [("total", 2, 1, 2), ("option", 1, 0, 1), ("option", 1, 0, 1)]
    cast.withdraw(app, stage, "E5")
    assert pools(app, stage) == [("total", 2, 0, 1), ("option", 1, 0, 1), ("option", 1, 0, 0)]
    assert sight.drift(app) == []


def test_an_added_place_in_the_pool_of_the_rest(app: Flask) -> None:
    """Places of a unit are reserved: of the others one has the only place, and one more is added for somebody."""
    stage = cast.set_stage(app)
    with app.app_context():
        unit = find_unit("营销部")
    bound(app, stage, 3, NewPool(PoolScope.UNIT, 2, unit_id=unit), NewPool(PoolScope.REST, 1))
    queue(app, stage, "D4", "E5")

    add_place(app, stage, "F6")

    assert pools(app, stage) == [("total", 3, 1, 2), ("unit", 2, 0, 0), ("rest", 1, 1, 2)]
    queue(app, stage, "A1", "C3")
    assert [sight.places(app)[who] for who in ("A1", "C3", "E5")] == ["seated", "seated", "waiting"]


def test_the_last_free_place_of_a_pool_stays_for_the_woman_who_waits(app: Flask) -> None:
    """The pool of women has a free place that she could get once the campaign has one: it is not used up."""
    stage = cast.set_stage(app)
    bound(app, stage, 2, NewPool(PoolScope.GENDER, 1, gender="female"))
    queue(app, stage, "B2", "D4", "A1")
    add_place(app, stage, "C3")
    assert pools(app, stage) == [("total", 2, 1, 3), ("gender", 1, 1, 1)]

    cast.withdraw(app, stage, "B2")

    assert sight.places(app)["A1"] == "seated"
    assert sight.drift(app) == []


def test_where_a_place_is_free_none_is_added(app: Flask) -> None:
    stage = cast.set_stage(app)

    got = add_place(app, stage, "A1")

    assert (str(got.state), pools(app, stage)) == ("seated", [("total", 2, 0, 1)])


def test_a_changed_number_of_places_leaves_the_added_one_apart(app: Flask, stage: Stage) -> None:
    add_place(app, stage, "E5")

    cast.set_capacity(app, stage, 3)
    assert (pools(app, stage), line(app, stage)) == ([("total", 3, 1, 4)], list(FIVE[1:]))
    cast.set_capacity(app, stage, 1)
    add_place(app, stage, "F6")  # taken is above the planned places: hers is added all the same
    assert pools(app, stage) == [("total", 1, 2, 5)]
    cast.withdraw(app, stage, "E5")
    cast.withdraw(app, stage, "F6")

    assert (pools(app, stage), sight.drift(app)) == ([("total", 1, 0, 3)], [])
    assert line(app, stage) == list(FIVE[1:])


def test_a_bound_that_is_made_later_has_an_added_place_too(app: Flask, stage: Stage) -> None:
    add_place(app, stage, "B2")

    bound(app, stage, 2, NewPool(PoolScope.GENDER, 0, gender="male"))

    assert pools(app, stage) == [("total", 2, 1, 3), ("gender", 0, 1, 1)]
    cast.withdraw(app, stage, "B2")
    assert [pools(app, stage), sight.drift(app)] == [[("total", 2, 0, 2), ("gender", 0, 0, 0)], []]


def test_without_a_bound_the_added_place_is_gone_with_its_pool(app: Flask, stage: Stage) -> None:
    add_place(app, stage, "E5")

    cast.set_capacity(app, stage, None)
    cast.withdraw(app, stage, "E5")

    assert (pools(app, stage), sight.drift(app)) == ([], [])


def test_whoever_leaves_the_company_takes_the_added_place_along(app: Flask, stage: Stage) -> None:
    add_place(app, stage, "E5")
    with app.app_context():
        (ahead,) = leavers.foresee([stage.people["E5"]], now=NOW)
    assert (ahead.seated, ahead.moving_up) == (1, ())


@pytest.mark.parametrize("reason", [HandReason.ASKED, HandReason.DUTY, HandReason.PAPER])
def test_a_place_is_added_only_for_a_reason_that_says_so(
    app: Flask, stage: Stage, reason: HandReason
) -> None:
    with pytest.raises(Refused, match="acts.adding_reason"):
        enter(app, stage, "E5", reason, adding=True)

    assert (pools(app, stage), acts(app)) == ([("total", 2, 0, 2)], [])


def test_once_it_has_begun_no_place_is_added(app: Flask, stage: Stage) -> None:
    with pytest.raises(Refused, match="registration.started"):
        add_place(app, stage, "X0001", now=BEGUN)

    assert line(app, stage) == list(FIVE)


def test_after_the_deadline_the_reason_overrules_it(app: Flask, stage: Stage) -> None:
    late = cast.CLOSES + timedelta(hours=1)
    with pytest.raises(Refused, match="acts.needs_exception"):
        add_place(app, stage, "E5", now=late)

    got = enter(app, stage, "E5", HandReason.EXCEPTION, adding=True, now=late)

    assert (str(got.state), pools(app, stage)) == ("seated", [("total", 2, 1, 3)])


def test_the_control_that_takes_a_place_without_adding_one_is_refused(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The condition of the UPDATE itself holds the promise that no pool is overbooked."""
    monkeypatch.setattr(added_places, "extend_and_take", seating.take)

    with pytest.raises(Refused, match="registration.full"):
        add_place(app, stage, "E5")
