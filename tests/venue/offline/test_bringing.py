"""The file of a phone: the known offset of its clock counts, each line once, and a line that cannot be taken is named."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from eventreg.campaigns.service import campaign_by_id
from eventreg.core.db.session import db, unit_of_work
from eventreg.venue import devices
from eventreg.venue.models import Scan
from eventreg.venue.walk.models import Crossing
from eventreg.web.desk.offline.bringing import BroughtFile, bring
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage

from .desks import Desk, a_desk, token_of, walk_in

HOUR = timedelta(hours=1)
AHEAD = 3 * 3_600_000  # the phone's clock is three hours ahead of ours


def at_phone(real: datetime) -> str:
    """What the clock of the phone shows at this instant."""
    return (real + timedelta(milliseconds=AHEAD)).isoformat()


def line(desk: Desk, nonce: str, real: datetime, **more: object) -> dict[str, object]:
    """A line of the file."""
    of = {"device": desk.id, "campaign": "outing", "check_point": "door", "nonce": nonce}
    return of | {"scanned_at": real.isoformat(), "device_at": at_phone(real)} | more


def brought(app: Flask, stage: Stage, lines: list[Any], *, now: datetime) -> BroughtFile:
    """An organiser imports these lines."""
    file = {"format": "eventreg-scans", "version": 2, "offset_ms": -AHEAD, "scans": lines}
    with app.app_context():
        actor = acting(stage.people["A1"], now)
        campaign = campaign_by_id(stage.campaign_id)
        found = bring(json.dumps(file).encode(), campaign, actor=actor)
        db.session.rollback()
    return found


def test_the_time_of_a_scan_is_that_of_the_scan_and_not_of_the_import(app: Flask, stage: Stage) -> None:
    token = token_of(app, stage, cast.sign_up(app, stage, "A1").id)
    desk = a_desk(app, stage)
    lines = [line(desk, "s1", NOW, text=token)]

    first = brought(app, stage, lines, now=NOW + 8 * HOUR)
    again = brought(app, stage, lines, now=NOW + 9 * HOUR)

    assert first == again == BroughtFile(1, ())
    with app.app_context():
        stored = db.session.execute(select(Scan.at, Scan.doubt, Scan.verdict)).all()
        db.session.rollback()
    assert [tuple(row) for row in stored] == [(NOW, False, "admitted")]


def test_what_the_phone_sends_as_well_counts_once(app: Flask, stage: Stage) -> None:
    token = token_of(app, stage, cast.sign_up(app, stage, "A1").id)
    desk = a_desk(app, stage)
    desk.scan("s1", token)
    desk.send(walk_in("w1", "B2", NOW))

    found = brought(
        app,
        stage,
        [line(desk, "s1", NOW, text=token), line(desk, "w1", NOW, kind="walk_in", staff_no="B2")],
        now=NOW + HOUR,
    )

    assert found == BroughtFile(2, ())
    assert sight.count(app, Scan) == 2


def test_lines_that_cannot_be_taken_are_named_and_stop_no_other(app: Flask, stage: Stage) -> None:
    token = token_of(app, stage, cast.sign_up(app, stage, "A1").id)
    desk = a_desk(app, stage)
    other = a_desk(app, stage, point="finish", name="终点")
    tap = {"check_point": "finish", "device": other.id}

    found = brought(
        app,
        stage,
        [
            {"unreadable": "{broken"},
            line(desk, "x1", NOW, text=token, device=desk.id + 100),
            line(desk, "x2", NOW, text=token, campaign="forum"),
            line(desk, "x3", NOW, text=7),
            "nonsense",
            line(desk, "s1", NOW, text=token),
            line(desk, "s1", NOW, text="x" * 22),
            line(desk, "t1", NOW, kind="tap") | tap,
        ],
        now=NOW + HOUR,
    )

    assert [(one.number, one.reason) for one in found.refused] == [
        (1, "scan.entry_form"),
        (2, "queue.other_device"),
        (3, "scan.other_post"),
        (4, "scan.entry_form"),
        (5, "scan.entry_form"),
        (7, "scan.nonce_reused"),
    ]
    assert (found.stored, sight.count(app, Scan), sight.count(app, Crossing)) == (2, 1, 1)


def test_a_revoked_phone_is_refused_and_its_file_is_taken(app: Flask, stage: Stage) -> None:
    token = token_of(app, stage, cast.sign_up(app, stage, "A1").id)
    desk = a_desk(app, stage)
    with app.app_context(), unit_of_work():
        devices.revoke(desk.id, campaign_id=stage.campaign_id, actor=acting(stage.people["A1"], NOW))

    refused = desk.ask("scans", {"scans": [], "sent_at": NOW.isoformat()})
    found = brought(app, stage, [line(desk, "s1", NOW, text=token)], now=NOW + HOUR)

    assert refused["code"] == "pairing.no_device"
    assert found == BroughtFile(1, ())
