"""Whoever was scanned in stays counted: they do not give their place up themselves, an organiser takes them out."""

from __future__ import annotations

import pytest
from flask import Flask

from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.registrations import announcing, ending
from eventreg.registrations.by_hand.rules import HandReason
from eventreg.registrations.reading import find_live
from eventreg.venue.teams import start_line
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import DAY, NOW, Stage
from tests.rig.plans import HOUR, as_new, do, facts
from tests.venue.test_beginning import scanned


def at_nine(app: Flask) -> None:
    """Both parts begin at nine."""
    for activity in facts(app, "outing").activities:
        nine = as_new(activity, starts_at=DAY + 9 * HOUR, ends_at=DAY + 11 * HOUR, time_known=True)
        do(app, "outing", announcing.change_activity, activity.id, nine)


def take_out(app: Flask, stage: Stage, who: str, reason: HandReason, *, campaign: int | None = None) -> str:
    with app.app_context():
        live = find_live(stage.campaign_id, stage.people[who])
        assert live is not None
        with unit_of_work():
            actor = acting(f"person:{stage.people['F6']}", DAY + 8.5 * HOUR, stage.keys)
            return str(ending.take_out(live.id, campaign or stage.campaign_id, reason, actor=actor))


def test_whoever_was_scanned_in_today_cannot_withdraw(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    at_nine(app)
    scanned(app, stage, "A1", "door", at=DAY + 8 * HOUR)

    with pytest.raises(Refused, match="registration.admitted") as refused:
        cast.withdraw(app, stage, "A1", now=DAY + 8.5 * HOUR)
    cast.withdraw(app, stage, "B2", now=DAY + 8.5 * HOUR)

    assert refused.value.facts["admitted_at"] == DAY + 8 * HOUR
    assert sight.places(app) == {"A1": "seated", "B2": "withdrawn", "C3": "seated"}


def test_a_scan_of_the_day_before_was_a_try(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    scanned(app, stage, "A1", "door", at=DAY - HOUR)

    cast.withdraw(app, stage, "A1", now=DAY + HOUR)

    assert sight.places(app) == {"A1": "withdrawn", "B2": "seated", "C3": "seated"}


@pytest.mark.parametrize(("at", "seen"), [(24.2, True), (31.5, True), (32.5, False), (-1.0, False)])
def test_an_evening_that_ends_after_midnight_is_one_day(
    app: Flask, stage: Stage, at: float, seen: bool
) -> None:
    cast.sign_up(app, stage, "A1")
    for activity in facts(app, "outing").activities:
        night = as_new(activity, starts_at=DAY + 22 * HOUR, ends_at=DAY + 26 * HOUR, time_known=True)
        do(app, "outing", announcing.change_activity, activity.id, night)
    scanned(app, stage, "A1", "door", at=DAY + at * HOUR)

    campaign = facts(app, "outing")
    with app.app_context():
        unseen = [one.staff_no for one in start_line.list_unseen(campaign)]

    assert unseen == ([] if seen else ["A1"])


def test_whoever_tried_the_ticket_out_and_came_in_with_it_cannot_withdraw(app: Flask, stage: Stage) -> None:
    """On the day the phone says that the ticket was scanned before; the person is inside all the same."""
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    at_nine(app)
    assert scanned(app, stage, "A1", "door", at=DAY - HOUR) == "admitted"
    assert scanned(app, stage, "A1", "door", at=DAY + 8 * HOUR) == "repeated"

    with pytest.raises(Refused, match="registration.admitted") as refused:
        cast.withdraw(app, stage, "A1", now=DAY + 8.5 * HOUR)

    assert refused.value.facts["admitted_at"] == DAY + 8 * HOUR
    assert sight.places(app)["C3"] == "waiting"


def test_an_organiser_takes_out_with_a_reason_and_the_next_is_seated(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    at_nine(app)
    scanned(app, stage, "A1", "door", at=DAY + 8 * HOUR)

    assert take_out(app, stage, "A1", HandReason.ASKED) == "seated"

    assert sight.places(app) == {"A1": "withdrawn", "B2": "seated", "C3": "seated"}
    assert [kind for kind, _ in sight.letters(app)][-2:] == [
        "registration_withdrawn",
        "registration_promoted",
    ]
    assert sight.drift(app) == []


def test_only_in_the_organisers_own_campaign(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")

    with pytest.raises(NotFound):
        take_out(app, stage, "A1", HandReason.OTHER, campaign=99)

    assert sight.places(app) == {"A1": "seated"}
    assert NOW < DAY
