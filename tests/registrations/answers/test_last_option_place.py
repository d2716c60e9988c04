"""The rush for the last place of an option: people who move into it and people who sign up for it, at one instant.

The control takes out what the lock protects: it decides by what was free before, and takes without looking again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from eventreg.campaigns.models import Pool
from eventreg.campaigns.service import campaign_by_id
from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.registrations import seating
from tests.rig import cast, sight
from tests.rig.at_once import run_at_once
from tests.rig.cast import Stage
from tests.rig.options import Ride, ride
from tests.rig.sizes import SIZES

pytestmark = pytest.mark.race

A, B = "1 号车", "2 号车"
MOVERS, NEWCOMERS = ("A1", "B2", "C3"), ("D4", "E5", "F6")


@pytest.fixture
def stage(app: Flask) -> Stage:
    return cast.set_stage(app, capacity=30)


def play(app: Flask, buses: Ride) -> list[str]:
    """Three people of bus B choose bus A and three others sign up for it; who was refused."""
    refused: list[str] = []

    def move(who: str) -> Callable[[], None]:
        def run() -> None:
            try:
                buses.choose(app, who, A)
            except Refused as error:
                refused.append(f"{who} {error.code}")

        return run

    def enter(who: str) -> Callable[[], object]:
        return lambda: buses.sign_up(app, who, A)

    run_at_once(app, *map(move, MOVERS), *map(enter, NEWCOMERS))
    return refused


def reset(app: Flask, buses: Ride) -> None:
    """Everybody leaves, then the movers take bus B."""
    for who, state in sight.places(app).items():
        if state != "withdrawn":
            cast.withdraw(app, buses.stage, who)
    for who in MOVERS:
        buses.sign_up(app, who, B)


def test_the_last_place_of_an_option_is_given_once(app: Flask, stage: Stage) -> None:
    buses = ride(app, stage, {A: 1, B: 3})
    for _ in range(SIZES.race_rounds):
        reset(app, buses)
        refused = play(app, buses)

        states = sight.places(app)
        waiting = [who for who in NEWCOMERS if states[who] == "waiting"]
        moved = len(MOVERS) - len(refused)
        assert [states[who] for who in MOVERS] == ["seated"] * 3
        assert moved + len(NEWCOMERS) - len(waiting) == 1
        assert buses.taken(app) == {A: (1, 1), B: (3 - moved, 3)}
        assert {line.split()[1] for line in refused} <= {"registration.option_full"}
        assert sight.drift(app) == []


def test_the_control_that_decides_by_what_was_free_before_gives_it_twice(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    buses = ride(app, stage, {A: 1, B: 3})
    reset(app, buses)
    with app.app_context():
        before = campaign_by_id(stage.campaign_id).pools

    def take_blindly(pool_ids: tuple[int, ...]) -> None:
        for pool_id in pool_ids:
            db.session.execute(update(Pool).where(Pool.id == pool_id).values(taken=Pool.taken + 1))

    def as_before(_campaign_id: int, **_how: Any) -> Any:
        return before

    monkeypatch.setattr(seating, "pools_of", as_before)
    monkeypatch.setattr(seating, "take", take_blindly)

    play(app, buses)

    assert buses.taken(app)[A] > (1, 1)
