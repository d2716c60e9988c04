"""Whoever is scanned in has come: a place that was to be confirmed is confirmed."""

from __future__ import annotations

from flask import Flask

from tests.registrations.confirming.morning import HOUR, SEVEN, asked, move
from tests.rig import cast
from tests.rig.cast import DAY, Stage
from tests.venue.test_beginning import scanned


def test_a_scan_confirms_a_place(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2"):
        cast.sign_up(app, stage, who)
    move(app)  # no letter is accepted: nobody can lose a place by silence

    verdict = scanned(app, stage, "A1", "start", at=DAY + 32 * HOUR)

    assert verdict == "admitted"
    assert list(asked(app)) == ["B2"]


def test_a_ticket_that_was_tried_out_before_confirms_as_well(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    scanned(app, stage, "A1", "start", at=SEVEN - 48 * HOUR)
    move(app)

    verdict = scanned(app, stage, "A1", "start", at=DAY + 32 * HOUR)

    assert verdict == "repeated"
    assert asked(app) == {}
