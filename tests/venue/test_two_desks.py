"""One ticket at two doors at one instant, and a batch cut in the middle (I11)."""

from __future__ import annotations

import http.client
import json
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier

import pytest
from flask import Flask, current_app
from sqlalchemy import insert, select

from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.session import close_all, db, unit_of_work
from eventreg.factory import create_app
from eventreg.registrations import tickets
from eventreg.venue import devices, scans
from eventreg.venue.incoming import IncomingScan, Scanner
from eventreg.venue.models import Admission, Scan
from eventreg.venue.rules import ScanVerdict
from tests.conftest import close, make_app
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.server import Server

from .pairs import a_pair

pytestmark = pytest.mark.race

ROUNDS = 20
CROWD = 40
BASE = "http://127.0.0.1"
Batch = list[dict[str, str]]


def a_stage(app: Flask) -> Stage:
    """The outing, open since an hour, with a place for everybody."""
    return cast.set_stage(app, capacity=CROWD, extra=CROWD, now=cast.lately())


def a_desk(app: Flask, stage: Stage) -> str:
    """A paired phone's token."""
    with app.app_context():
        with unit_of_work():
            by = stage.people["A1"]
            code = devices.invite(stage.campaign_id, "door", "门", actor=acting(by, utc_now()))
        with unit_of_work():
            return devices.pair(code, now=utc_now())


def ticket(app: Flask, stage: Stage, staff_no: str) -> str:
    made = cast.sign_up(app, stage, staff_no, now=utc_now())
    with app.app_context():
        return tickets.find_token(made.id, keys=stage.keys) or ""


def _stand(settings: Settings, token: str, pipe: Connection, barrier: Barrier, careless: bool) -> None:
    """A door's process: at each round it scans one text as soon as the other does."""
    app = create_app(settings)
    with app.app_context():
        if careless:
            _be_careless(barrier)
        device = devices.find_device(token, now=utc_now())
        assert device is not None
        db.session.rollback()
        pipe.send("ready")
        while (text := pipe.recv()) is not None:
            barrier.wait(timeout=60)
            pipe.send(_scan(text, Scanner(device.id, device.campaign_id), careless=careless))
        close_all()


def _scan(text: str, scanner: Scanner, *, careless: bool) -> str:
    now = utc_now()
    if careless:
        vars(scans)["looked"]()
    try:
        with unit_of_work():
            one = IncomingScan(f"{now.timestamp()}", text, "door", now)
            return str(
                scans.record([one], scanner, keys=current_app.extensions["eventreg.keys"], now=now)[0].verdict
            )
    except Exception as error:
        return type(error).__name__


def _be_careless(barrier: Barrier) -> None:
    """Planted fault: who is in is read first and written down afterwards, without looking again."""
    seen: list[int] = []

    def looked() -> None:
        seen[:] = db.session.scalars(select(Admission.registration_id))
        db.session.rollback()
        barrier.wait(timeout=60)

    def count(registration_id: int, check_point: str, scanner: Scanner, at: datetime) -> object:
        if registration_id in seen:
            return ScanVerdict.REPEATED, at
        row = {"registration_id": registration_id, "check_point": check_point, "device_id": scanner.device_id}
        db.session.execute(insert(Admission).values(**row, at=at))
        return ScanVerdict.ADMITTED, at

    vars(scans).update(looked=looked, count=count)


def two_doors(settings: Settings, *, rounds: int, careless: bool = False) -> list[list[str]]:
    """What two processes answer, round by round; each round is a ticket of its own."""
    app = make_app(settings)
    stage = a_stage(app)
    texts = [ticket(app, stage, f"X{n:04d}") for n in range(1, rounds + 1)]
    answers = []
    with a_pair(_stand, settings, (a_desk(app, stage), a_desk(app, stage)), fault=careless) as doors:
        for text in texts:
            for pipe in doors:
                pipe.send(text)
            answers.append(sorted(pipe.recv() for pipe in doors))
    close(app)
    return answers


def test_one_ticket_at_two_doors_at_once_is_admitted_exactly_once(settings: Settings) -> None:
    assert two_doors(settings, rounds=ROUNDS) == [["admitted", "repeated"]] * ROUNDS


def test_reading_before_writing_is_caught(settings: Settings) -> None:
    """The control: only the count's unique row stands between that and two people on one ticket."""
    assert two_doors(settings, rounds=1, careless=True) == [["IntegrityError", "admitted"]]


@pytest.mark.kill
def test_a_batch_that_a_power_cut_interrupts_counts_once_when_sent_again(settings: Settings) -> None:
    settings = replace(settings, base_url=BASE)
    app = make_app(settings)
    stage = a_stage(app)
    texts = [ticket(app, stage, f"X{n:04d}") for n in range(1, CROWD + 1)]
    token = a_desk(app, stage)
    for asked, wait in enumerate((0.0, 0.02, 0.05, 0.1, 0.2), 1):
        at = utc_now().isoformat()
        batch = [
            {"nonce": f"{asked}-{n}", "text": text, "scanned_at": at} for n, text in enumerate(texts * 5)
        ]
        server = Server(settings)
        sending = threading.Thread(target=_send_in_vain, args=(server.port, token, batch))
        sending.start()
        sending.join(timeout=wait)
        server.kill()
        sending.join(timeout=20)
        again = Server(settings)
        results = _send(again.port, token, batch)
        again.kill()

        assert [r["nonce"] for r in results] == [scan["nonce"] for scan in batch]
        assert sight.count(app, Scan) == asked * len(batch)
        assert sight.count(app, Admission) == CROWD
        admitted = [r for r in results if r["verdict"] == "admitted"]
        assert len(admitted) == (CROWD if asked == 1 else 0)
    close(app)


def _send_in_vain(port: int, token: str, batch: Batch) -> None:
    with suppress(OSError, http.client.HTTPException):
        _send(port, token, batch)


def _send(port: int, token: str, batch: Batch) -> list[dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        connection.request("POST", "/desk/api/scans", json.dumps({"scans": batch}), headers)
        results: list[dict[str, str]] = json.loads(connection.getresponse().read())["results"]
        return results
    finally:
        connection.close()
