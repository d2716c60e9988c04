"""Times corrected by our clock, whatever the phone's says (risk 13)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg.core.db.session import db, unit_of_work
from eventreg.venue import scans
from eventreg.venue.clocks import CorrectedTime, corrected, offset_to_keep
from eventreg.venue.incoming import IncomingScan, Scanner
from eventreg.venue.models import Admission, Device, Scan
from tests.rig.cast import NOW, Stage
from tests.venue.test_scans import a_device, ticket_of

RECEIVED = datetime(2027, 3, 4, 10, 0, tzinfo=UTC)
WRONG = {
    "three hours ahead": timedelta(hours=3),
    "two days behind": timedelta(days=-2),
    "in 1970": datetime(1970, 1, 1, tzinfo=UTC) - RECEIVED,
    "right": timedelta(0),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_clock_that_was_not_set_gives_the_right_time(wrong: timedelta) -> None:
    scanned, sent = RECEIVED - timedelta(minutes=20) + wrong, RECEIVED + wrong
    known = round(-wrong / timedelta(milliseconds=1))

    for offset_ms in (None, known, known + 1500):
        found = corrected(scanned, sent, RECEIVED, offset_ms=offset_ms)
        assert found == CorrectedTime(RECEIVED - timedelta(minutes=20))


def test_a_clock_that_was_set_in_between_is_in_doubt() -> None:
    found = corrected(RECEIVED - timedelta(hours=3), RECEIVED, RECEIVED, offset_ms=3 * 3600 * 1000)

    assert found.doubt


def test_a_time_that_cannot_be_is_that_of_receipt_in_doubt() -> None:
    set_back = corrected(RECEIVED + timedelta(hours=1), RECEIVED, RECEIVED, offset_ms=None)
    from_1970 = corrected(datetime(1970, 1, 1, tzinfo=UTC), RECEIVED, RECEIVED, offset_ms=None)

    assert set_back == from_1970 == CorrectedTime(RECEIVED, doubt=True)


def test_a_file_is_corrected_by_the_offset_that_it_carries() -> None:
    """Scanned at 10:05, exported at 12:00, imported at 18:00: 10:05 and not 16:05."""
    scanned = datetime(2027, 3, 4, 13, 5, tzinfo=UTC)  # by a phone three hours ahead
    imported = datetime(2027, 3, 4, 18, 0, tzinfo=UTC)

    found = corrected(scanned, None, imported, offset_ms=-3 * 3600 * 1000)

    assert found == CorrectedTime(datetime(2027, 3, 4, 10, 5, tzinfo=UTC))


def test_a_known_offset_is_stored_again_only_when_it_changed() -> None:
    assert offset_to_keep(RECEIVED, RECEIVED, known_ms=None) == 0
    assert offset_to_keep(RECEIVED, RECEIVED + timedelta(milliseconds=200), known_ms=0) is None
    assert offset_to_keep(RECEIVED, RECEIVED + timedelta(seconds=1), known_ms=0) == 1000


def sent(
    app: Flask,
    phone: Scanner,
    token: str,
    nonce: str,
    *,
    device_at: datetime,
    sent_at: datetime,
    now: datetime,
) -> str:
    """One scan with the times of a phone's own clock; its verdict."""
    one = IncomingScan(nonce, token, "door", device_at, device_at=device_at, sent_at=sent_at)
    with app.app_context(), unit_of_work():
        return str(scans.record([one], phone, keys=app.extensions["eventreg.keys"], now=now)[0].verdict)


def test_whichever_phone_sends_first_the_earliest_corrected_time_stays(app: Flask, stage: Stage) -> None:
    token, slow, fast = ticket_of(app, stage, "A1"), a_device(app, stage), a_device(app, stage)
    at_ten, five_past = NOW, NOW + timedelta(minutes=5)
    behind = timedelta(days=2)

    later = sent(app, fast, token, "n1", device_at=five_past, sent_at=five_past, now=five_past)
    half_past = NOW + timedelta(minutes=30)
    earlier = sent(
        app, slow, token, "n2", device_at=at_ten - behind, sent_at=half_past - behind, now=half_past
    )
    again = sent(app, fast, token, "n1", device_at=five_past, sent_at=half_past, now=half_past)

    assert (later, earlier, again) == ("admitted", "repeated", "admitted")
    with app.app_context():
        kept = db.session.scalars(select(Admission)).one()
        assert kept.at == at_ten
        assert kept.device_id == slow.device_id
        assert [row.at for row in db.session.scalars(select(Scan).order_by(Scan.id))] == [five_past, at_ten]
        offset = db.session.scalar(select(Device.offset_ms).where(Device.id == slow.device_id))
        assert offset == behind / timedelta(milliseconds=1)


def test_a_phones_scan_that_says_neither_when_it_was_sent_nor_an_offset_is_in_doubt(
    app: Flask, stage: Stage
) -> None:
    """A file whose offset cannot be read: the time stands, but decides nothing late by itself."""
    token, phone = ticket_of(app, stage, "A1"), a_device(app, stage)
    at = NOW - timedelta(minutes=5)
    one = IncomingScan("n1", token, "door", at, device_at=at)
    with app.app_context(), unit_of_work():
        scans.record([one], phone, keys=app.extensions["eventreg.keys"], now=NOW)

    with app.app_context():
        kept = db.session.scalars(select(Scan)).one()
        assert kept.at == at
        assert kept.doubt


def test_a_scan_of_1970_is_taken_when_the_phone_says_when_it_sends(app: Flask, stage: Stage) -> None:
    token, phone = ticket_of(app, stage, "A1"), a_device(app, stage)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)

    verdict = sent(app, phone, token, "n1", device_at=epoch, sent_at=epoch + timedelta(minutes=7), now=NOW)

    assert verdict == "admitted"
    with app.app_context():
        assert db.session.scalar(select(Admission.at)) == NOW - timedelta(minutes=7)
