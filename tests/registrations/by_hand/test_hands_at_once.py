"""Organisers act at one instant: nobody is entered twice, and no pool is oversold. Each race has its control."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from eventreg.campaigns.models import Pool
from eventreg.campaigns.service import campaign_by_id
from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.registrations import participants, seating
from tests.rig import cast, sight
from tests.rig.at_once import run_at_once
from tests.rig.cast import Stage

from .hands import acts, add_place, enter, line, pools, queue

pytestmark = pytest.mark.race

ORDINARY = ("X0001", "X0002", "X0003")
ADDED = ("X0004", "X0005", "X0006")


@pytest.fixture
def stage(app: Flask) -> Stage:
    """One of two places is taken."""
    found = cast.set_stage(app, extra=6)
    queue(app, found, "A1")
    return found


def works(app: Flask, stage: Stage) -> list[Callable[[], object]]:
    """Three organisers enter somebody, three add a place for somebody."""
    return [
        *(partial(enter, app, stage, who) for who in ORDINARY),
        *(partial(add_place, app, stage, who) for who in ADDED),
    ]


def test_entries_and_added_places_at_once_oversell_nothing(app: Flask, stage: Stage) -> None:
    run_at_once(app, *works(app, stage))

    ((_scope, planned, added, taken),) = pools(app, stage)
    assert (planned, taken) == (2, 2 + added)
    assert len(line(app, stage)) == 7 - taken
    assert set(line(app, stage)) <= set(ORDINARY)
    assert sight.drift(app) == []


def test_the_control_that_reads_before_the_lock_oversells(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        stale = campaign_by_id(stage.campaign_id).pools
    honest = participants.get_newcomer

    def as_seen(*asked: Any, **how: Any) -> participants.Newcomer:
        return replace(honest(*asked, **how), pools=stale)

    def take_blindly(pool_ids: tuple[int, ...]) -> None:
        for pool_id in pool_ids:
            db.session.execute(update(Pool).where(Pool.id == pool_id).values(taken=Pool.taken + 1))

    monkeypatch.setattr(participants, "get_newcomer", as_seen)
    monkeypatch.setattr(seating, "take", take_blindly)
    run_at_once(app, *works(app, stage))

    ((_scope, planned, added, taken),) = pools(app, stage)
    assert taken > planned + added


def test_two_organisers_enter_the_same_person_once(app: Flask, stage: Stage) -> None:
    run_at_once(app, *(partial(enter, app, stage, "C3") for _ in range(4)))

    assert (sight.places(app), acts(app)) == ({"A1": "seated", "C3": "seated"}, [("enter", "asked", None)])
    assert sight.drift(app) == []


def test_the_control_that_forgets_who_is_there_collides(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = participants.get_newcomer
    monkeypatch.setattr(
        participants,
        "get_newcomer",
        lambda *asked, **how: replace(honest(*asked, **how), live_id=None, known=None),
    )
    seen: list[str] = []

    def try_it() -> None:
        try:
            enter(app, stage, "C3")
        except Refused as refused:
            seen.append(refused.code)

    run_at_once(app, try_it, try_it, try_it)

    assert seen == ["registration.exists"] * 2


def test_two_organisers_seat_the_same_waiting_person_once(app: Flask, stage: Stage) -> None:
    queue(app, stage, "B2", "C3", "D4")

    run_at_once(app, *(partial(add_place, app, stage, "D4") for _ in range(3)))

    assert pools(app, stage) == [("total", 2, 1, 3)]
    assert (line(app, stage), acts(app)) == (["C3"], [("enter", "place_added", None)])
    assert sight.drift(app) == []
