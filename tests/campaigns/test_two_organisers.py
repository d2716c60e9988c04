"""Organisers at the same instant: one page wins, and places that are added meet the rush for them.

Each race has its control: with the check planted out the same judge must see the loss.
"""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from flask import Flask

from eventreg.campaigns import writing
from eventreg.campaigns.plan import planning
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.registrations import capacity
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.at_once import run_at_once
from tests.rig.cast import NOW, Stage
from tests.rig.plans import basics, facts

pytestmark = pytest.mark.race

EDITORS = 8
SOME = [f"X{n:04d}" for n in range(1, 13)]


def saved(app: Flask, slug: str = "outing") -> list[str]:
    """Who of eight saved the same page, all having seen the same version."""
    seen, done = facts(app, slug), list[str]()

    def save(name: str) -> None:
        wanted = basics(seen, title=f"{name}，第 {seen.version} 版")
        try:
            with unit_of_work():
                planning.change_basics(seen.id, wanted, seen=seen.version, actor=acting(name, NOW))
            done.append(wanted.title)
        except Refused as refused:
            if refused.code != "plan.changed_meanwhile":
                raise

    run_at_once(app, *(lambda name=f"编辑 {n}": save(name) for n in range(EDITORS)))
    return done


def test_of_eight_pages_of_one_version_one_is_saved(app: Flask, stage: Stage) -> None:
    for _ in range(5):
        winners = saved(app)

        assert [facts(app, "outing").title] == winners


def test_the_control_that_looks_at_no_version_loses_seven(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "check_version", lambda *_args, **_how: None)

    assert len(saved(app)) == EDITORS


def rush(app: Flask, round_: int) -> list[str]:
    """Twelve people come while the places rise from two to nine; what is wrong afterwards."""
    stage = _round(app, round_)
    run_at_once(
        app,
        *(lambda who=who: cast.sign_up(app, stage, who) for who in SOME),
        lambda: cast.set_capacity(app, stage, 9),
    )
    states = [state for _arrival, state in sight.arrivals(app, stage.campaign_id)]
    right = ["seated"] * 9 + ["waiting"] * 3
    return [*([] if states == right else ["order"]), *(drift.counter for drift in sight.drift(app))]


def _round(app: Flask, round_: int) -> Stage:
    with app.app_context(), unit_of_work():
        season_id = writing.make_season(cast.season())
        campaign = replace(cast.outing(2), slug=f"round-{round_}")
        writing.publish(campaign, season_id=season_id, notice_id=1, actor=acting("test", NOW))
    return cast.find_stage(app, f"round-{round_}")


def test_added_places_and_a_rush_leave_nobody_out_of_order(app: Flask) -> None:
    cast.set_stage(app, extra=len(SOME))

    assert [rush(app, round_) for round_ in range(5)] == [[]] * 5


def test_the_control_that_promotes_nobody_is_seen(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.set_stage(app, extra=len(SOME))
    monkeypatch.setattr(capacity, "seating", SimpleNamespace(promote=lambda *_args, **_how: []))
    seen: list[str] = []
    for round_ in range(40):
        seen += rush(app, round_)
        if seen:
            break

    assert "order" in seen
