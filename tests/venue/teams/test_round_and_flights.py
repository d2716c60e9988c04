"""The round starts once; who flew and how high is noted on one form; who performs follows from it."""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from eventreg.core.errors import Refused
from eventreg.venue.teams import flights, forming
from eventreg.venue.teams import round as rounds
from eventreg.venue.teams.forming import Among
from eventreg.venue.teams.performing import FlightFacts, Performers
from eventreg.venue.teams.rules import Formed
from tests.rig import sight
from tests.rig.at_once import run_at_once
from tests.rig.cast import Stage
from tests.venue.teams import kites

PRESSED = kites.MORNING + timedelta(seconds=5)


@pytest.fixture
def stage(app: Flask) -> Stage:
    """Three teams of three."""
    found = kites.outing(app, 9)
    activity = kites.contest(app).id
    kites.do(
        app, found,
        lambda actor: forming.form(found.campaign_id, activity, Formed.MIXED, Among.SEATED, actor=actor),
    )  # fmt: skip
    return found


def start(app: Flask, stage: Stage) -> None:
    activity = kites.contest(app).id
    kites.do(app, stage, lambda actor: rounds.start(stage.campaign_id, activity, actor=actor), now=PRESSED)


def current(app: Flask) -> object:
    activity = kites.contest(app).id
    with app.app_context():
        return rounds.current(activity)


def test_a_start_pressed_twice_is_one_start(app: Flask, stage: Stage) -> None:
    assert current(app) is None
    start(app, stage)

    with pytest.raises(Refused, match="timer.running") as refused:
        start(app, stage)

    assert (refused.value.facts["at"], current(app)) == (PRESSED, (PRESSED, 30))


@pytest.mark.race
def test_four_at_once_are_one_start(app: Flask, stage: Stage) -> None:
    run_at_once(app, *(partial(try_to_start, app, stage) for _ in range(4)))

    assert sight.audit_actions(app, "round.") == ["round.started"]


@pytest.mark.race
def test_the_control_that_believes_what_it_read_before_the_lock_starts_four_times(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "_standing", lambda _activity_id: None)

    run_at_once(app, *(partial(try_to_start, app, stage) for _ in range(4)))

    assert sight.audit_actions(app, "round.") == ["round.started"] * 4


def try_to_start(app: Flask, stage: Stage) -> None:
    with contextlib.suppress(Refused):
        start(app, stage)


def test_a_start_is_taken_back_and_pressed_again(app: Flask, stage: Stage) -> None:
    activity = kites.contest(app).id
    start(app, stage)

    assert kites.do(app, stage, lambda actor: rounds.undo(stage.campaign_id, activity, actor=actor))
    assert [current(app), kites.teams(app).locked] == [None, False]
    assert not kites.do(app, stage, lambda actor: rounds.undo(stage.campaign_id, activity, actor=actor))
    start(app, stage)

    assert current(app) == (PRESSED, 30)
    assert sight.audit_actions(app, "round.") == ["round.started", "round.undone", "round.started"]


def note(
    app: Flask,
    stage: Stage,
    *noted: tuple[bool | None, int | None],
    equal: Collection[tuple[int, ...]] = (),
    seen: str | None = None,
) -> bool:
    activity = kites.contest(app).id
    typed = {n: FlightFacts(n, flown, rank) for n, (flown, rank) in enumerate(noted, 1)}
    return kites.do(
        app, stage,
        lambda actor: flights.save(stage.campaign_id, activity, typed, actor=actor, equal=equal, seen=seen),
    )  # fmt: skip


def performing(app: Flask) -> Performers:
    return flights.performers_in(kites.teams(app))


def test_who_performs_follows_from_what_is_noted(app: Flask, stage: Stage) -> None:
    assert performing(app) == Performers((), (1, 2, 3))

    assert note(app, stage, (True, 1), (False, None), (True, 2))

    assert performing(app) == Performers((2, 3))
    assert not note(app, stage, (True, 1), (False, None), (True, 2))
    assert sight.audit_actions(app, "flight.") == ["flight.noted"] * 3


def test_a_correction_changes_who_performs(app: Flask, stage: Stage) -> None:
    note(app, stage, (True, 1), (False, None), (True, 2))

    note(app, stage, (True, 2), (None, None), (True, 1))

    assert performing(app) == Performers((), (2,))


def test_a_rank_for_a_team_that_did_not_fly_is_refused(app: Flask, stage: Stage) -> None:
    with pytest.raises(Refused, match="height.rank_not_flown") as refused:
        note(app, stage, (True, 1), (False, 2), (None, None))

    assert refused.value.facts["team"] == 2
    assert performing(app) == Performers((), (1, 2, 3))


def test_a_rank_twice_is_asked(app: Flask, stage: Stage) -> None:
    with pytest.raises(Refused, match="height.equal_height"):
        note(app, stage, (True, 1), (True, 2), (True, 2))

    assert note(app, stage, (True, 1), (True, 2), (True, 2), equal=[(2, 3)])

    assert performing(app) == Performers((2, 3))


def test_teams_with_a_flight_are_not_formed_anew(app: Flask, stage: Stage) -> None:
    note(app, stage, (True, 1), (False, None), (True, 2))
    activity = kites.contest(app).id

    with pytest.raises(Refused, match="grouping.locked"):
        kites.do(
            app, stage,
            lambda actor: forming.form(stage.campaign_id, activity, Formed.MIXED, Among.SEATED, actor=actor),
        )  # fmt: skip


def test_what_somebody_noted_meanwhile_is_not_written_over(app: Flask, stage: Stage) -> None:
    seen = kites.teams(app).version
    note(app, stage, (True, 1), (False, None), (True, 2))

    with pytest.raises(Refused, match="grouping.changed_meanwhile"):
        note(app, stage, (False, None), (False, None), (False, None), seen=seen)
