"""Two organisers at the start line, and a phone at the door at the same instant. Each race has its control."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.models import Pool
from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.registrations import seating
from eventreg.venue import presence
from eventreg.venue.teams import start_line
from tests.registrations.by_hand import hands
from tests.rig import sight
from tests.rig.at_once import run_at_once
from tests.rig.cast import Stage
from tests.venue.teams import kites

pytestmark = pytest.mark.race


@pytest.fixture
def stage(app: Flask) -> Stage:
    """Four places: one person is here, three are not; four wait and stand there."""
    found = kites.outing(app, 8, places=4)
    kites.come(app, found, ["X0001"])
    return found


def pressing(app: Flask, stage: Stage, absent: str, *standing: str) -> Callable[[], object]:
    """Press the button; a refusal is an answer."""
    gone = kites.registration(app, stage, absent)
    ids = [kites.registration(app, stage, who) for who in standing]

    def press() -> object:
        try:
            return kites.do(
                app, stage, lambda actor: start_line.stand_in(stage.campaign_id, gone, ids, actor=actor)
            )
        except Refused as refused:
            return refused.code

    return press


def test_several_at_once_seat_as_many_as_they_take_out(app: Flask, stage: Stage) -> None:
    waiting = kites.names(4, first=5)

    run_at_once(app, *(pressing(app, stage, who, *waiting) for who in ("X0002", "X0003", "X0004")))

    assert kites.states(app, *kites.names(8)) == ["seated", *["withdrawn"] * 3, *["seated"] * 3, "waiting"]
    assert hands.pools(app, stage) == [("total", 4, 0, 4)]
    assert sight.drift(app) == []


def test_the_same_person_is_taken_out_once(app: Flask, stage: Stage) -> None:
    waiting = kites.names(4, first=5)

    run_at_once(app, *(pressing(app, stage, "X0002", *waiting) for _ in range(3)))

    assert kites.states(app, *waiting) == ["seated", "waiting", "waiting", "waiting"]
    assert hands.acts(app) == [("take_out", "absent", None)]
    assert sight.drift(app) == []


def test_the_control_that_believes_what_was_read_before_the_lock_oversells(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each press believes that X0002 still has a place, and that one is free after it."""
    waiting = kites.names(4, first=5)
    honest_take_out, honest_fitting = start_line._take_out, start_line._fitting

    def take_out(*asked: Any, **how: Any) -> None:
        with contextlib.suppress(Refused):
            honest_take_out(*asked, **how)

    def fitting(standing: Any, pools: Any) -> Any:
        return honest_fitting(standing, tuple(replace(pool, taken=pool.capacity - 1) for pool in pools))

    def take_blindly(pool_ids: tuple[int, ...]) -> None:
        for pool_id in pool_ids:
            db.session.execute(update(Pool).where(Pool.id == pool_id).values(taken=Pool.taken + 1))

    monkeypatch.setattr(start_line, "_take_out", take_out)
    monkeypatch.setattr(start_line, "_fitting", fitting)
    monkeypatch.setattr(seating, "take", take_blindly)
    run_at_once(app, *(pressing(app, stage, "X0002", *waiting) for _ in range(3)))

    assert hands.pools(app, stage) == [("total", 4, 0, 6)]


def test_a_scan_at_the_same_instant_is_seen_or_refused(app: Flask, stage: Stage) -> None:
    """Either the phone was first, and nobody goes; or the button was, and the ticket is void."""
    token, press = kites.token(app, stage, "X0002"), pressing(app, stage, "X0002", "X0005")

    run_at_once(app, press, partial(kites.scan, app, stage, token))

    with app.app_context():
        campaign = campaigns.get_campaign("outing")
        came = presence.first_admissions([kites.any_registration(app, "X0002")], campaign)
    assert (bool(came), kites.states(app, "X0002", "X0005")) in [
        (True, ["seated", "waiting"]),
        (False, ["withdrawn", "seated"]),
    ]


def test_the_control_that_trusts_the_page_takes_out_somebody_who_is_here(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    press = pressing(app, stage, "X0002", "X0005")  # the page showed that nobody had seen X0002
    monkeypatch.setattr(presence, "find_admission", lambda *_asked: None)
    kites.come(app, stage, ["X0002"])

    press()

    assert kites.states(app, "X0002", "X0005") == ["withdrawn", "seated"]
