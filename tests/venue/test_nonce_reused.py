"""A nonce belongs to one ticket at one check point: sent again with another, it is refused, for that nonce alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from eventreg.core.db.session import unit_of_work
from eventreg.venue import scans
from eventreg.venue.incoming import IncomingScan, Scanner
from eventreg.venue.models import Admission, Scan
from tests.rig import sight
from tests.rig.cast import NOW, Stage

from .test_scans import LATER, a_device, ticket_of, verdicts

REUSED = ("refused", "scan.nonce_reused")


def send(app: Flask, scanner: Scanner, *batch: IncomingScan) -> list[tuple[str, str | None]]:
    """Send a batch as one request; its verdicts with reasons."""
    with app.app_context(), unit_of_work():
        return verdicts(scans.record(batch, scanner, keys=app.extensions["eventreg.keys"], now=LATER))


def one(nonce: str, text: str) -> IncomingScan:
    """A scan at the door."""
    return IncomingScan(nonce, text, "door", NOW)


def test_another_ticket_under_a_nonce_that_was_answered_is_refused(app: Flask, stage: Stage) -> None:
    anna, bo, door = ticket_of(app, stage, "A1"), ticket_of(app, stage, "B2"), a_device(app, stage)
    send(app, door, one("1", anna))

    answers = send(app, door, one("1", bo), one("2", bo))

    assert answers == [REUSED, ("admitted", None)]
    assert (sight.count(app, Scan), sight.count(app, Admission)) == (2, 2)


def test_a_scan_by_itself_is_refused_too_and_the_first_answer_stands(app: Flask, stage: Stage) -> None:
    anna, door = ticket_of(app, stage, "A1"), a_device(app, stage)
    send(app, door, one("1", anna))

    answers = [send(app, door, one("1", text)) for text in ("forged", anna)]

    assert answers == [[REUSED], [("admitted", None)]]


@pytest.mark.parametrize("scanner", ["phone", "system"])
def test_another_check_point_is_another_scan(app: Flask, stage: Stage, scanner: str) -> None:
    anna, door = ticket_of(app, stage, "A1"), a_device(app, stage)
    door = door if scanner == "phone" else replace(door, campaign_id=None)
    send(app, door, one("1", anna))

    answers = send(app, door, replace(one("1", anna), check_point="finish"))

    assert (answers, sight.count(app, Admission)) == ([REUSED], 1)


def test_a_time_that_was_corrected_meanwhile_is_no_other_scan(app: Flask, stage: Stage) -> None:
    anna, door = ticket_of(app, stage, "A1"), a_device(app, stage)
    send(app, door, one("1", anna))

    assert send(app, door, replace(one("1", anna), scanned_at=LATER)) == [("admitted", None)]


def test_the_address_and_the_token_in_it_are_one_ticket(app: Flask, stage: Stage) -> None:
    anna, door = ticket_of(app, stage, "A1"), a_device(app, stage)
    send(app, door, one("1", anna))

    assert send(app, door, one("1", f"http://localhost/t/{anna}")) == [("admitted", None)]


def test_within_one_batch_the_first_of_a_nonce_stands(app: Flask, stage: Stage) -> None:
    anna, bo, door = ticket_of(app, stage, "A1"), ticket_of(app, stage, "B2"), a_device(app, stage)

    answers = send(app, door, one("1", anna), one("1", bo), one("1", anna), one("2", bo))

    assert answers == [("admitted", None), REUSED, ("admitted", None), ("admitted", None)]
    assert (sight.count(app, Scan), sight.count(app, Admission)) == (2, 2)


def test_two_phones_may_use_the_same_nonces(app: Flask, stage: Stage) -> None:
    anna, bo = ticket_of(app, stage, "A1"), ticket_of(app, stage, "B2")

    answers = [send(app, a_device(app, stage), one("1", text)) for text in (anna, bo)]

    assert answers == [[("admitted", None)]] * 2
