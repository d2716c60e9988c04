"""Whoever was passed by while all was called off is seated when it takes place again (law 6)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from eventreg.campaigns.plan.attention import AttentionReason, attention
from eventreg.campaigns.rules import ScheduleState
from eventreg.registrations import announcing
from tests.rig import cast, sight
from tests.rig.cast import BEGUN, DAY, NOW, Stage
from tests.rig.plans import HOUR, as_new, do, facts


def schedule(app: Flask, state: ScheduleState, *, which: int | None = None) -> None:
    """Give both parts of the outing this schedule, or one of them."""
    found = facts(app, "outing").activities
    for activity in found if which is None else found[which : which + 1]:
        do(app, "outing", announcing.change_activity, activity.id, as_new(activity, schedule=state))


@pytest.mark.parametrize("back", [None, 0, 1])
def test_a_place_given_up_meanwhile_goes_to_the_line_when_one_part_is_put_back(
    app: Flask, stage: Stage, back: int | None
) -> None:
    for who in ("A1", "B2", "C3", "D4"):
        cast.sign_up(app, stage, who)
    schedule(app, ScheduleState.CANCELLED)
    cast.withdraw(app, stage, "A1")
    assert sight.places(app)["C3"] == "waiting"

    schedule(app, ScheduleState.CONFIRMED, which=back)

    assert sight.places(app) == {"A1": "withdrawn", "B2": "seated", "C3": "seated", "D4": "waiting"}
    assert [kind for kind, _ in sight.letters(app)].count("registration_promoted") == 1
    assert sight.drift(app) == []
    with app.app_context():
        found = attention([facts(app, "outing")], devices={}, now=NOW)
    assert AttentionReason.FREE_WHILE_WAITING not in [matter.need for matter in found]


def test_places_raised_meanwhile_go_to_the_line_when_it_is_put_back(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    schedule(app, ScheduleState.CANCELLED)
    cast.set_capacity(app, stage, 3)
    assert sight.places(app)["C3"] == "waiting"

    schedule(app, ScheduleState.CONFIRMED)

    assert sight.places(app)["C3"] == "seated"
    assert sight.drift(app) == []


def test_a_newcomer_after_it_was_put_back_stands_behind_nobody(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2"):
        cast.sign_up(app, stage, who)
    schedule(app, ScheduleState.CANCELLED)
    cast.withdraw(app, stage, "A1")
    schedule(app, ScheduleState.TENTATIVE)

    assert cast.sign_up(app, stage, "C3").state == "seated"


def test_a_part_put_back_after_the_other_has_begun_seats_nobody(app: Flask, stage: Stage) -> None:
    """From the first beginning on nobody moves up by themselves: they might not come in time."""
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    _kites, hike = facts(app, "outing").activities
    later = as_new(hike, starts_at=DAY + 72 * HOUR, ends_at=DAY + 96 * HOUR)
    do(app, "outing", announcing.change_activity, hike.id, later)
    do(app, "outing", announcing.change_activity, hike.id, replace(later, schedule=ScheduleState.CANCELLED))
    cast.set_capacity(app, stage, 3, now=NOW)
    assert sight.places(app)["C3"] == "seated"
    cast.sign_up(app, stage, "D4")

    do(app, "outing", announcing.change_activity, hike.id, later, now=BEGUN)

    assert sight.places(app)["D4"] == "waiting"
