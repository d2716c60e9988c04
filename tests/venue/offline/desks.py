"""A phone at a check point as the interface sees it: pair it, send what it kept, read what it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import time_machine
from flask import Flask

from eventreg.campaigns.service import campaign_by_id
from eventreg.core.db.session import db, unit_of_work
from eventreg.registrations import tickets
from eventreg.venue import devices
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage


@dataclass
class Desk:
    """A paired phone; `slow_ms` is by how much its clock is behind ours."""

    app: Flask
    token: str
    id: int
    slow_ms: int = 0

    def ask(self, path: str, body: object | None = None, *, now: datetime = NOW) -> dict[str, Any]:
        """One request at this instant; the answer as JSON."""
        client = self.app.test_client()
        headers = {"Authorization": f"Bearer {self.token}"}
        with time_machine.travel(now, tick=False):
            if body is None:
                answer = client.get(f"/desk/api/{path}", headers=headers)
            else:
                answer = client.post(f"/desk/api/{path}", json=body, headers=headers)
        said: dict[str, Any] = answer.get_json()
        return said

    def send(self, *entries: dict[str, object], now: datetime = NOW) -> list[dict[str, Any]]:
        """Send entries that are no scans; the results."""
        body = {"entries": list(entries), "sent_at": now.isoformat()}
        results: list[dict[str, Any]] = self.ask("entries", body, now=now)["results"]
        return results

    def scan(self, nonce: str, text: str, *, now: datetime = NOW, **more: object) -> dict[str, Any]:
        """Send one scan; its result."""
        one = {"nonce": nonce, "text": text, "scanned_at": now.isoformat(), "device_at": now.isoformat()}
        body = {"scans": [one | more], "sent_at": now.isoformat()}
        [result] = self.ask("scans", body, now=now)["results"]
        found: dict[str, Any] = result
        return found


def a_desk(app: Flask, stage: Stage, *, point: str = "door", name: str = "东门", now: datetime = NOW) -> Desk:
    """A phone that is paired for a check point of the outing."""
    with app.app_context():
        with unit_of_work():
            code = devices.invite(stage.campaign_id, point, name, actor=acting(stage.people["A1"], now))
        with unit_of_work():
            token = devices.pair(code, now=now)
        found = devices.find_device(token, now=now)
    assert found is not None
    return Desk(app, token, found.id)


def walk_in(nonce: str, staff_no: str, at: datetime, **more: object) -> dict[str, object]:
    """A request of somebody without a registration, as the phone keeps it."""
    return {"kind": "walk_in", "nonce": nonce, "staff_no": staff_no, "device_at": at.isoformat()} | more


def starts(app: Flask, stage: Stage) -> datetime:
    """When the outing begins."""
    with app.app_context():
        at = campaign_by_id(stage.campaign_id).starts_at
        db.session.rollback()
    return at


def ends(app: Flask, stage: Stage) -> datetime:
    """When its last activity ends."""
    with app.app_context():
        at = campaign_by_id(stage.campaign_id).ends_at
        db.session.rollback()
    return at


def token_of(app: Flask, stage: Stage, registration_id: int) -> str:
    """The token in the QR code of a ticket."""
    with app.app_context():
        token = tickets.find_token(registration_id, keys=stage.keys)
        db.session.rollback()
    assert token is not None
    return token
