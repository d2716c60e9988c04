"""A bound that ends: whoever waited for its end goes first, also before any job has run."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from eventreg import jobs
from eventreg.campaigns.inputs import NewPool
from eventreg.campaigns.policy import AdmissionTerms, Allotment, Policy
from eventreg.campaigns.rules import PoolScope
from eventreg.campaigns.service import campaigns_by_id
from eventreg.core.db.session import unit_of_work
from eventreg.people.service import find_unit
from eventreg.registrations import service as registrations
from eventreg.registrations.capacity import change_admission, change_places
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage

T = NOW + timedelta(hours=5)
AFTER = T + timedelta(minutes=1)
MEN = ("B2", "D4")


def women_first(app: Flask, stage: Stage, capacity: int) -> None:
    """So many places, for women only until T."""
    bounds = [
        NewPool(PoolScope.TOTAL, capacity),
        NewPool(PoolScope.GENDER, 0, gender="male", ends_at=T),
    ]
    with app.app_context():
        seen = campaigns_by_id({stage.campaign_id})[stage.campaign_id].version
        with unit_of_work():
            change_places(stage.campaign_id, bounds, seen=seen, actor=acting("test", NOW, stage.keys))


def come(app: Flask, stage: Stage, *people: str, now: datetime = NOW) -> list[str]:
    """The states that they get, one after the other."""
    return [str(cast.sign_up(app, stage, staff_no, now=now).state) for staff_no in people]


@pytest.fixture
def stage(app: Flask) -> Stage:
    return cast.set_stage(app, extra=4)


def test_the_men_who_waited_go_before_the_woman_who_comes_after_the_end(app: Flask, stage: Stage) -> None:
    women_first(app, stage, 4)
    assert come(app, stage, "A1", *MEN, "C3") == ["seated", "waiting", "waiting", "seated"]

    assert come(app, stage, "E5", now=AFTER) == ["waiting"]

    states = sight.places(app)
    assert [states[man] for man in MEN] == ["seated", "seated"]
    assert sight.drift(app) == []


def test_the_control_without_the_look_at_the_end_leaves_them_waiting(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    women_first(app, stage, 4)
    come(app, stage, "A1", *MEN, "C3")
    monkeypatch.setattr(registrations, "has_ended_unseen", lambda *_pools, **_now: False)

    come(app, stage, "E5", now=AFTER)

    assert [sight.places(app)[man] for man in MEN] == ["waiting", "waiting"]


def test_the_job_seats_them_when_nobody_comes(app: Flask, stage: Stage) -> None:
    women_first(app, stage, 4)
    come(app, stage, "A1", *MEN)

    with app.app_context():
        early = jobs.give_places(T - timedelta(seconds=1))
        seated = jobs.give_places(AFTER)
        again = jobs.give_places(AFTER)

    assert (early, seated, again) == (0, 2, 0)
    assert sight.drift(app) == []


def test_a_man_who_waits_keeps_his_turn_when_a_woman_withdraws_after_the_end(
    app: Flask, stage: Stage
) -> None:
    women_first(app, stage, 2)
    come(app, stage, "A1", "C3", MEN[0])

    cast.withdraw(app, stage, "A1", now=AFTER)

    assert sight.places(app)[MEN[0]] == "seated"
    assert sight.drift(app) == []


def test_allotted_places_wait_for_their_unit_and_pass_by_arrival_at_the_end(app: Flask) -> None:
    """20 places, 8 of them for a unit: of eighteen others 12 are seated; three of the unit come; at T five of the six follow."""
    stage = cast.set_stage(app, capacity=20, extra=18)
    with app.app_context():
        unit_id = find_unit("营销部")
        assert unit_id is not None
        wanted = AdmissionTerms(Policy.ALLOTTED, 20, until=T, units={unit_id: Allotment(8)})
        seen = campaigns_by_id({stage.campaign_id})[stage.campaign_id].version
        with unit_of_work():
            change_admission(stage.campaign_id, wanted, seen=seen, actor=acting("test", NOW, stage.keys))
    others = [f"X{n:04d}" for n in range(1, 19)]

    assert come(app, stage, *others) == ["seated"] * 12 + ["waiting"] * 6
    assert come(app, stage, "A1", "B2", "C3") == ["seated"] * 3
    with app.app_context():
        assert jobs.give_places(AFTER) == 5

    assert [sight.places(app)[one] for one in others[12:]] == ["seated"] * 5 + ["waiting"]
    assert sight.drift(app) == []


@pytest.mark.parametrize(
    ("women", "she", "position"), [(19, "seated", None), (20, "waiting", 1)], ids=["19 women", "20 women"]
)
def test_ten_men_go_before_the_next_woman_and_no_job_has_run(
    app: Flask, women: int, she: str, position: int | None
) -> None:
    """The plan's outing: 30 places, women first until T, ten men wait."""
    stage = cast.set_stage(app, capacity=30, extra=32)
    women_first(app, stage, 30)
    men = [f"X{n:04d}" for n in range(1, 11)]
    for staff_no in men:
        sight.correct(app, stage.people[staff_no], gender="male")
    come(app, stage, *[f"X{n:04d}" for n in range(11, 11 + women)], *men)

    receipt = cast.sign_up(app, stage, "X0032", now=AFTER)

    assert (str(receipt.state), receipt.position) == (she, position)
    assert {sight.places(app)[man] for man in men} == {"seated"}
    assert sight.drift(app) == []
