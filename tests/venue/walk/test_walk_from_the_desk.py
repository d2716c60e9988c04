"""Taps and scans as a phone at the finish sends them, up to the result; sent again they change nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from tests.venue.offline.desks import Desk, a_desk, token_of

from .hillside import Hillside, clock, hillside


@pytest.fixture
def hill(app: Flask) -> Hillside:
    """A1 and B2 started at ten with all the others."""
    found = hillside(app)
    found.sign_up("A1", "B2")
    found.start("10:00")
    return found


def tap(nonce: str, at: str) -> dict[str, object]:
    """A tap as the phone keeps it; its clock is right."""
    return {"kind": "tap", "nonce": nonce, "device_at": clock(at).isoformat()}


def scan(desk: Desk, hill: Hillside, who: str, at: str) -> None:
    """Scan somebody's ticket, and send it ten minutes later."""
    text = token_of(hill.app, hill.stage, hill.registration(who))
    desk.scan(f"n{who}", text, now=clock(at) + timedelta(minutes=10), device_at=clock(at).isoformat())


def test_a_tap_is_the_time_of_whoever_is_scanned_after_it_and_counts_once(hill: Hillside) -> None:
    desk = a_desk(hill.app, hill.stage, point="finish", now=clock("9:00"))
    taps = [tap("t1", "10:29:50"), tap("t2", "10:30:01")]
    late = clock("11:00")

    scan(desk, hill, "A1", "10:31")
    before = hill.told()
    answers = [desk.send(*taps, now=late), desk.send(*taps, now=late + timedelta(hours=1))]
    between = hill.told()
    scan(desk, hill, "B2", "10:32")

    assert [[(one["nonce"], one["reason"]) for one in answer] for answer in answers] == [
        [("t1", None), ("t2", None)]
    ] * 2
    assert before == {"A1": ("late", 31 * 60)}
    assert between == {"A1": ("asked", None)}
    assert hill.told() == {"A1": ("in_time", 29 * 60 + 50), "B2": ("late", 30 * 60 + 1)}


def test_a_tap_of_a_phone_at_another_check_point_is_refused_for_itself(hill: Hillside) -> None:
    desk = a_desk(hill.app, hill.stage, now=clock("9:00"))

    [answer] = desk.send(tap("t1", "10:20"), now=clock("10:21"))

    assert answer["reason"] == "tap.check_point"
