"""SIGKILL while a phone sends its scans: none may be lost, each counts once (law 13, I11)."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import select

from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.registrations import tickets
from eventreg.venue import devices
from eventreg.venue.models import Admission, Scan
from tests.conftest import close, make_app
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.server import Server

HOLDERS = 20
BATCH = 25
SCANS_A_LIFE = 200  # each ticket is scanned ten times: amber nine of them


@dataclass
class Phone:
    """What a phone remembers: scans until their nonces were answered."""

    token: str
    unsent: dict[str, dict[str, str]] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    stop: bool = False

    def scan(self, text: str) -> None:
        """Keep one scan."""
        nonce = f"n{len(self.unsent) + len(self.told)}"
        self.unsent[nonce] = {"nonce": nonce, "text": text, "scanned_at": utc_now().isoformat()}

    def send(self, port: int) -> None:
        """Send what is kept, a batch after the other, until it is all answered or the line is cut."""
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
            while self.unsent and not self.stop:
                batch = list(self.unsent.values())[:BATCH]
                for result in self._ask(port, batch):
                    self.told[result["nonce"]] = result["verdict"]
                    del self.unsent[result["nonce"]]

    def _ask(self, port: int, batch: list[dict[str, str]]) -> list[dict[str, Any]]:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        with contextlib.closing(line):
            line.request("POST", "/desk/api/scans", json.dumps({"scans": batch}), headers)
            results: list[dict[str, Any]] = json.loads(line.getresponse().read())["results"]
            return results


@dataclass
class Tally:
    """What a run found: nonces the phone was told of that are nowhere, told otherwise, or kept twice."""

    kills: int = 0
    scanned: int = 0
    told: int = 0
    lost: int = 0
    told_otherwise: int = 0
    counted: int = 0

    @property
    def red(self) -> bool:
        """Whether a promise was broken."""
        return bool(self.lost or self.told_otherwise)


def run(settings: Settings, *, kills: int, fault: str = "", seed: int = 308) -> Tally:
    """Kill the server in the middle of batches again and again; with a fault, stop when it shows."""
    luck, tally, app = random.Random(seed), Tally(), make_app(settings)
    stage = cast.set_stage(app, capacity=HOLDERS, extra=HOLDERS, now=utc_now())
    phone, texts = paired(app, stage), _texts(app, stage)
    while tally.kills < kills and not tally.red:
        for _ in range(SCANS_A_LIFE):
            phone.scan(luck.choice(texts))
        _one_life(settings, fault, phone, luck)
        tally.kills += 1
        _judge(app, phone, tally)
    if not tally.red:
        server = Server(settings)
        phone.send(server.port)
        server.kill()
        _judge(app, phone, tally)
    close(app)
    return tally


def _one_life(settings: Settings, fault: str, phone: Phone, luck: random.Random) -> None:
    """Send until some batches were answered, and kill at a random instant of the next one."""
    enough = len(phone.told) + luck.randint(1, 5) * BATCH
    server = Server(settings, fault)
    sending = threading.Thread(target=phone.send, args=(server.port,))
    sending.start()
    patience = time.monotonic() + 30
    while len(phone.told) < enough and sending.is_alive() and time.monotonic() < patience:
        time.sleep(0.0005)
    time.sleep(luck.uniform(0, 0.01))
    server.kill()
    sending.join(timeout=30)


def _judge(app: Flask, phone: Phone, tally: Tally) -> None:
    with app.app_context():
        db.session.rollback()
        kept = {nonce: verdict for nonce, verdict in db.session.execute(select(Scan.nonce, Scan.verdict))}  # noqa: C416  (rows, typed)
        tally.scanned, tally.told = len(phone.told) + len(phone.unsent), len(phone.told)
        tally.lost = len(phone.told.keys() - kept.keys())
        tally.told_otherwise = sum(kept[n] != said for n, said in phone.told.items() if n in kept)
        tally.counted = len(db.session.scalars(select(Admission.registration_id)).all())
        db.session.rollback()


def paired(app: Flask, stage: Stage) -> Phone:
    with app.app_context():
        with unit_of_work():
            by = stage.people["A1"]
            code = devices.invite(stage.campaign_id, "door", "门", actor=acting(by, utc_now()))
        with unit_of_work():
            return Phone(devices.pair(code, now=utc_now()))


def _texts(app: Flask, stage: Stage) -> list[str]:
    made = [cast.sign_up(app, stage, f"X{n:04d}", now=utc_now()).id for n in range(1, HOLDERS + 1)]
    with app.app_context():
        return [tickets.find_token(id_, keys=stage.keys) or "" for id_ in made]
