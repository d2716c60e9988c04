"""Confirm against lapse at one instant: whoever comes first to the campaign's lock decides, and the places add up."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from flask import Flask

from eventreg import jobs
from eventreg.campaigns import service as campaigns
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.registrations.confirming import open_questions, silence
from eventreg.registrations.confirming import service as confirming
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.at_once import run_at_once
from tests.rig.cast import Stage

from .morning import EVENING, HOUR, SEVEN, accept, ended, keep_running, live, move

pytestmark = pytest.mark.race


def race(app: Flask, stage: Stage) -> list[str]:
    """A1 presses the button a moment before the end while the job runs a moment after it: what was promised to A1, and
    what became of the place.
    """
    for who in ("A1", "B2", "C3", "E5"):
        cast.sign_up(app, stage, who)
    move(app)
    accept(app, SEVEN)
    keep_running(app, SEVEN - HOUR, EVENING - HOUR / 2)
    id_, promised = live(app, stage, "A1"), list[str]()

    def press() -> None:
        with suppress(Refused), unit_of_work():
            actor = acting(stage.people["A1"], EVENING - HOUR / 60, stage.keys)
            done = confirming.confirm(id_, person_id=stage.people["A1"], actor=actor)
            promised.append("kept" if done.confirmed_at else "gone")

    run_at_once(app, press, lambda: jobs.give_places(EVENING))
    return promised


def test_a_confirmation_and_the_end_never_both_happen(app: Flask, stage: Stage) -> None:
    [promised] = race(app, stage)

    places = sight.places(app)
    assert (promised == "kept") == (places["A1"] == "seated") == ("A1" not in ended(app))
    assert list(places.values()).count("seated") == 2
    assert sight.drift(app) == []


def test_the_control_without_the_lock_ends_a_confirmed_place(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: the job looks before A1 presses, and ends what it saw without looking again."""
    for who in ("A1", "B2", "C3", "E5"):
        cast.sign_up(app, stage, who)
    move(app)
    accept(app, SEVEN)
    keep_running(app, SEVEN - HOUR, EVENING - HOUR / 2)
    with app.app_context():
        found = campaigns.campaign_by_id(stage.campaign_id)
        seen = silence.find_due(stage.campaign_id, minutes=120, zone=found.zone, now=EVENING)
    actor = acting(stage.people["A1"], EVENING - HOUR / 60, stage.keys)
    with app.app_context(), unit_of_work():
        kept = confirming.confirm(live(app, stage, "A1"), person_id=stage.people["A1"], actor=actor)
    blind: Callable[..., object] = lambda *_a, **_how: seen
    monkeypatch.setattr(silence, "find_due", blind)
    monkeypatch.setattr(open_questions, "IS_OPEN", open_questions.SEATED)

    with app.app_context():
        jobs.give_places(EVENING)

    assert kept.confirmed_at is not None
    assert "A1" in ended(app)
