"""A phone that was without a network sends a try after it was declared one: what it read then counts nowhere."""

from __future__ import annotations

import pytest
from flask import Flask

from eventreg.core.db.session import unit_of_work
from eventreg.venue import attendance, presence, roll_call
from eventreg.venue.screens import showing
from eventreg.venue.walk import starts
from tests.rig.plans import facts

from .hillside import NOON, Hillside, clock, hillside

LATE = clock("9:30")  # when the phone without a network sends what it read before nine


@pytest.fixture
def hill(app: Flask) -> Hillside:
    """A1 was read at the start at eight; at nine that was declared a try. B2 was read too, by a phone that had not sent it."""
    hill = hillside(app)
    hill.sign_up("A1", "B2")
    hill.phone("door"), hill.phone("finish")
    hill.scan("A1", "start", "8:00", received=clock("8:30"))
    with app.app_context(), unit_of_work():
        people = starts.declare_try(hill.stage.campaign_id, "试扫", actor=hill.organiser(clock("9:00")))
    assert people == 1
    return hill


def here(hill: Hillside) -> tuple[int, int, int]:
    """How many are here by the roll call, by the roster, and on a screen."""
    with hill.app.app_context():
        called = roll_call.call(facts(hill.app, "outing"), now=NOON).present
        shown = showing.arrivals_of(hill.stage.campaign_id, most=9).present
        counted = attendance.count_people([hill.stage.campaign_id])[hill.stage.campaign_id].present
    return called, counted, shown


@pytest.mark.parametrize("who", ["A1", "B2"])
@pytest.mark.parametrize("point", ["door", "start", "finish"])
def test_it_counts_nowhere(hill: Hillside, who: str, point: str) -> None:
    hill.scan(who, point, "8:01", received=LATE)

    assert (hill.told(), here(hill)) == ({}, (0, 0, 0))
    with hill.app.app_context():
        assert presence.first_admissions([hill.registration(who)], facts(hill.app, "outing")) == {}


@pytest.mark.parametrize("first", ["the try", "the day"])
def test_whoever_comes_afterwards_is_here_whichever_is_sent_first(hill: Hillside, first: str) -> None:
    sent = [("8:01", LATE), ("9:45", NOON)]

    for at, received in sent if first == "the try" else sent[::-1]:
        hill.scan("B2", "start", at, received=received)

    assert (hill.told(), here(hill)) == ({"B2": ("not_back", None)}, (1, 1, 1))


def test_the_phone_shows_them_green(hill: Hillside) -> None:
    hill.scan("B2", "start", "8:01", received=LATE)

    assert [hill.scan("B2", "start", at) for at in ("9:45", "9:46")] == ["admitted", "repeated"]
