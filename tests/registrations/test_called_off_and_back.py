"""Whoever was passed by while all was called off is seated when it takes place again (law 6)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from eventreg.campaigns.plan.attention import AttentionReason, attention
from eventreg.campaigns.rules import ScheduleState
from eventreg.core.clock import utc_now
from eventreg.registrations import announcing
from tests.registrations.test_prospects import text
from tests.rig import cast, sight
from tests.rig.cast import BEGUN, DAY, NOW, Stage
from tests.rig.clients import send
from tests.rig.mailbox import newest
from tests.rig.plan_pages import OUTING, ClientFor, organised
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


def test_whoever_is_seated_because_places_were_raised_is_not_told_that_somebody_left(
    app: Flask, client_for: ClientFor
) -> None:
    stage = organised(app)
    for who in ("B2", "C3"):
        cast.sign_up(app, stage, who, now=utc_now())
    receipt = send(client_for("D4"), "/campaigns/outing/registration").location
    cast.set_capacity(app, stage, 3, now=utc_now())

    told = text(client_for("D4"), receipt)
    with app.app_context():
        letter = str(newest(app, "registration_promoted", now=utc_now()))

    assert ["轮到你了" in told, "有人退出" in told, "有人退出" in letter] == [True, False, False]


def test_organisers_see_that_it_is_cancelled_and_not_that_sign_up_is_over(
    app: Flask, client_for: ClientFor
) -> None:
    organised(app)
    off = [as_new(activity, schedule=ScheduleState.CANCELLED) for activity in facts(app, "outing").activities]
    for activity, wanted in zip(facts(app, "outing").activities, off, strict=True):
        do(app, "outing", announcing.change_activity, activity.id, wanted, now=utc_now())

    for page in ("/manage", OUTING):
        told = text(client_for("A1"), page)
        assert ["已取消" in told, "报名已截止" in told] == [True, False]


def test_whoever_is_taken_out_is_followed_by_somebody_only_if_somebody_waits_and_can_be_seated(
    app: Flask, client_for: ClientFor
) -> None:
    stage, page = organised(app), f"{OUTING}/registrations/1/removal"
    cast.sign_up(app, stage, "B2", now=utc_now())

    def follows() -> bool:
        told = text(client_for("A1"), page)
        assert "原来的票马上作废" in told
        return "候补的下一位" in told

    nobody_waits = follows()
    for who in ("C3", "D4"):
        cast.sign_up(app, stage, who, now=utc_now())
    somebody_waits = follows()
    for activity in facts(app, "outing").activities:
        off = as_new(activity, schedule=ScheduleState.CANCELLED)
        do(app, "outing", announcing.change_activity, activity.id, off, now=utc_now())

    assert [nobody_waits, somebody_waits, follows()] == [False, True, False]
