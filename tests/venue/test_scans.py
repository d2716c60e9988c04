"""Scans: green once, amber after, red with a reason; sent again they answer alike (law 13, I11)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.registrations import tickets
from eventreg.venue import devices, scans
from eventreg.venue.incoming import IncomingScan, Scanner, ScanResult
from eventreg.venue.models import Admission, Scan
from eventreg.venue.rules import BATCH_MOST, token_in
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage

BASE = "http://localhost"
LATER = NOW + timedelta(minutes=3)


def a_device(app: Flask, stage: Stage, *, now: datetime = NOW) -> Scanner:
    """A paired phone at the door of the outing."""
    with app.app_context():
        with unit_of_work():
            code = devices.invite(stage.campaign_id, "door", "门口", actor=acting(stage.people["A1"], now))
        with unit_of_work():
            token = devices.pair(code, now=now)
        found = devices.find_device(token, now=now)
    assert found is not None
    return Scanner(found.id, found.campaign_id)


def ticket_of(app: Flask, stage: Stage, staff_no: str) -> str:
    """Sign somebody up and give her ticket's token."""
    receipt = cast.sign_up(app, stage, staff_no)
    with app.app_context():
        token = tickets.find_token(receipt.id, keys=stage.keys)
    assert token is not None
    return token


def scan(
    app: Flask, scanner: Scanner, *texts: str, at: datetime = NOW, nonce: str = "n", now: datetime = NOW
) -> list[ScanResult]:
    """Send a batch of decoded texts, as one request does."""
    batch = [IncomingScan(f"{nonce}{i}", text, "door", at) for i, text in enumerate(texts)]
    with app.app_context(), unit_of_work():
        return scans.record(batch, scanner, keys=app.extensions["eventreg.keys"], now=now)


def verdicts(answers: list[ScanResult]) -> list[tuple[str, str | None]]:
    return [(str(a.verdict), a.reason) for a in answers]


def test_a_ticket_is_green_once_and_amber_with_the_first_time_after(app: Flask, stage: Stage) -> None:
    token, door = ticket_of(app, stage, "A1"), a_device(app, stage)

    [first] = scan(app, door, f"{BASE}/t/{token}", nonce="a")
    [again] = scan(app, door, token, nonce="b", at=LATER)

    assert verdicts([first, again]) == [("admitted", None), ("repeated", None)]
    assert again.first_at == NOW
    assert (sight.count(app, Scan), sight.count(app, Admission)) == (2, 1)


def test_a_nonce_sent_again_answers_alike_and_counts_nothing(app: Flask, stage: Stage) -> None:
    token, door = ticket_of(app, stage, "A1"), a_device(app, stage)

    first = scan(app, door, token, "forged", nonce="a")
    again = scan(app, door, token, "forged", nonce="a", now=LATER)

    assert first == again
    assert (sight.count(app, Scan), sight.count(app, Admission)) == (2, 1)


def test_two_doors_admit_once_and_keep_both_scans(app: Flask, stage: Stage) -> None:
    token = ticket_of(app, stage, "A1")
    doors = [a_device(app, stage), a_device(app, stage)]

    answers = [scan(app, door, token)[0] for door in doors]

    assert verdicts(answers) == [("admitted", None), ("repeated", None)]
    assert sight.count(app, Scan) == 2


def test_red_says_why(app: Flask, stage: Stage) -> None:
    cancelled, door = ticket_of(app, stage, "A1"), a_device(app, stage)
    cast.withdraw(app, stage, "A1")
    other = Scanner(door.device_id, (door.campaign_id or 0) + 1)
    valid = ticket_of(app, stage, "B2")

    assert verdicts(scan(app, door, cancelled, "x" * 22, valid.swapcase(), nonce="a")) == [
        ("refused", "scan.cancelled"),
        ("refused", "scan.unknown"),
        ("refused", "scan.unknown"),
    ]
    assert verdicts(scan(app, other, valid, nonce="b")) == [("refused", "scan.other_campaign")]


@pytest.mark.parametrize("year", [1970, 2100])
def test_an_impossible_clock_is_refused_and_kept(app: Flask, stage: Stage, year: int) -> None:
    token, door = ticket_of(app, stage, "A1"), a_device(app, stage)

    answers = scan(app, door, token, at=datetime(year, 1, 1, tzinfo=UTC))

    assert verdicts(answers) == [("refused", "scan.clock")]
    assert (sight.count(app, Scan), sight.count(app, Admission)) == (1, 0)


def test_a_batch_above_a_thousand_is_refused_whole(app: Flask, stage: Stage) -> None:
    door = a_device(app, stage)

    with pytest.raises(Refused, match="scan.too_many"):
        scan(app, door, *["x"] * (BATCH_MOST + 1))

    assert sight.count(app, Scan) == 0


def test_a_pairing_code_works_once_and_for_ten_minutes(app: Flask, stage: Stage) -> None:
    with app.app_context():
        with unit_of_work():
            code = devices.invite(stage.campaign_id, "door", "门口", actor=acting(stage.people["A1"], NOW))
        with pytest.raises(Refused, match="pairing.dead"), unit_of_work():
            devices.pair(code, now=NOW + timedelta(minutes=10))
        with unit_of_work():
            devices.pair(code, now=NOW)
        with pytest.raises(Refused, match="pairing.dead"), unit_of_work():
            devices.pair(code, now=NOW)


def test_a_revoked_device_is_nobody_at_the_next_call(app: Flask, stage: Stage) -> None:
    with app.app_context():
        with unit_of_work():
            code = devices.invite(stage.campaign_id, "door", "门口", actor=acting(stage.people["A1"], NOW))
        with unit_of_work():
            token = devices.pair(code, now=NOW)
        device = devices.find_device(token, now=NOW)
        assert device is not None
        with unit_of_work():
            devices.revoke(device.id, campaign_id=stage.campaign_id, actor=acting(stage.people["A1"], NOW))

        assert devices.find_device(token, now=NOW) is None
        assert [d.revoked for d in devices.list_devices(stage.campaign_id)] == [True]


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("http://localhost/t/abc", "abc"),
        (" abc ", "abc"),
        ("https://192.168.1.20:8443/t/abc?from=mail", "abc"),
        ("http://[/t/abc", "abc"),
        ("\ufeffhttp://localhost/t/abc", "abc"),
        ("HTTP://LOCALHOST/t/abc/", "abc"),
        ("HTTPS://localhost/t/abc/?from=mail#x", "abc"),
        ("http://localhost/t/abc。", "abc"),
        ("\u202dabc\u202c\r\n", "abc"),
        ("ftp://localhost/t/abc", ""),
        ("//t/abc", ""),
        ("http://localhost/x/abc", ""),
        ("x" * 32_000, ""),
        ("", ""),
    ],
)
def test_a_decoded_text_is_our_address_or_a_token(text: str, token: str) -> None:
    assert token_in(text) == token
