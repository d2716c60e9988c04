"""One scan sent three times by two processes, as a phone does whose answers get lost (law 13, I11)."""

from __future__ import annotations

from collections.abc import Sequence
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier

import pytest
from flask import current_app

from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.session import AnyRow, close_all, db, unit_of_work
from eventreg.factory import create_app
from eventreg.venue import devices, scans
from eventreg.venue.incoming import IncomingScan, Scanner
from eventreg.venue.models import Admission, Scan
from eventreg.venue.scans import KnownScans
from tests.conftest import close, make_app
from tests.rig import sight
from tests.rig.sizes import SIZES

from .pairs import a_pair
from .test_two_desks import a_desk, a_stage, ticket

pytestmark = pytest.mark.race


def _send(settings: Settings, token: str, pipe: Connection, barrier: Barrier, forgetful: bool) -> None:
    """One of two servers that the same phone reaches; each round it sends one scan so many times."""
    app = create_app(settings)
    with app.app_context():
        if forgetful:
            vars(scans)["_answers"] = _nobody_was_here
        device = devices.find_device(token, now=utc_now())
        assert device is not None
        db.session.rollback()
        pipe.send("ready")
        while (round_ := pipe.recv()) is not None:
            scan, times = round_
            barrier.wait(timeout=60)
            pipe.send([_once(scan, Scanner(device.id, device.campaign_id)) for _ in range(times)])
        close_all()


def _once(scan: IncomingScan, scanner: Scanner) -> str:
    keys = current_app.extensions["eventreg.keys"]
    try:
        with unit_of_work():
            return str(scans.record([scan], scanner, keys=keys, now=utc_now())[0].verdict)
    except Exception as error:
        return type(error).__name__


def _nobody_was_here(_rows: Sequence[AnyRow]) -> KnownScans:
    """Planted fault: the nonce is not looked up."""
    return {}


def three_times(
    settings: Settings, *, rounds: int, forgetful: bool = False
) -> tuple[list[list[str]], int, int]:
    """What is answered round by round, how many scans are kept, how many people are counted."""
    app = make_app(settings)
    stage = a_stage(app)
    token, texts = a_desk(app, stage), [ticket(app, stage, f"X{n:04d}") for n in range(1, rounds + 1)]
    answers = []
    with a_pair(_send, settings, (token, token), fault=forgetful) as servers:
        for number, text in enumerate(texts):
            scan = IncomingScan(f"nonce-{number}", text, "door", utc_now())
            for times, pipe in enumerate(servers, 1):
                pipe.send((scan, times))
            answers.append(sorted(said for pipe in servers for said in pipe.recv()))
    kept, counted = sight.count(app, Scan), sight.count(app, Admission)
    close(app)
    return answers, kept, counted


def test_a_scan_sent_three_times_by_two_processes_is_one_scan(settings: Settings) -> None:
    rounds = SIZES.nonce_rounds

    assert three_times(settings, rounds=rounds) == ([["admitted"] * 3] * rounds, rounds, rounds)


def test_not_looking_the_nonce_up_is_caught(settings: Settings) -> None:
    """The control: the database still keeps one scan, and the phone gets two answers that are none."""
    assert three_times(settings, rounds=1, forgetful=True) == (
        [["Refused", "Refused", "admitted"]],
        1,
        1,
    )
