"""What one request of ours costs whatever the machine: its bytes and its SQL statements.

usage: python -m benchmarks.cost      prints them; under cProfile it shows where the time goes
"""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from eventreg.config import Settings
from tests.rig.clients import form_of
from tests.rig.statements import statements

from .stage import SLUG, Stage, nonce, opened, set_stage

FORM = f"/campaigns/{SLUG}/registration"
HOST = "http://127.0.0.1"
COUNTED = {  # what a line of the figures is about: the request whose statements it prints
    "Web sign-ups, 32 visitors": "sign_up",
    "Web sign-ups with 100,000 registrations there": "sign_up",
    "Sign-ups by API, 8 at once": "api",
    "Scans by API, 8 at once": "scan",
    "Campaign page": f"/campaigns/{SLUG}",
    "Home": "/",
}


@dataclass
class Cost:
    """Bytes by page, statements by request; `now` is an instant for scans."""

    bytes: dict[str, int] = field(default_factory=dict)
    statements: dict[str, int] = field(default_factory=dict)
    now: str = ""


def recounted(figures: list[dict[str, Any]], costs: Mapping[str, Cost]) -> list[dict[str, Any]]:
    """Kept figures with new counts of statements, each from the database that its name ends with."""
    return [figure | {"statements": _count_for(figure["name"], costs)} for figure in figures]


def _count_for(name: str, costs: Mapping[str, Cost]) -> int | None:
    what, _, database = name.rpartition(", ")
    return costs[database].statements[COUNTED[what]] if what in COUNTED else None


def cost_of(at: Stage) -> Cost:
    """Ask each request twice and count the second: the first fills caches."""
    cost = Cost(now=datetime.now(UTC).isoformat())
    with opened(at.settings) as app:
        for cookie, staff_no, ticket in zip(at.cookies[5:7], at.staff_nos[7:9], at.tickets, strict=False):
            _pages(app, cost)
            _sign_up(app, cookie, cost)
            _programs(app, at, staff_no, ticket, cost)
    return cost


@contextmanager
def _counting(app: Flask, cost: Cost, name: str) -> Iterator[None]:
    with statements(app, warm=True) as seen:
        yield
    cost.statements[name] = len(seen)


def _pages(app: Flask, cost: Cost) -> None:
    client = app.test_client()
    for name, path in (("home", "/"), ("campaign", f"/campaigns/{SLUG}")):
        with _counting(app, cost, path):
            cost.bytes[name] = len(client.get(path, base_url=HOST).data)


def _sign_up(app: Flask, cookie: str, cost: Cost) -> None:
    client = app.test_client()
    name, _, value = cookie.partition("=")
    client.set_cookie(name, value, domain="127.0.0.1")
    with _counting(app, cost, "form"):
        form = client.get(FORM, base_url=HOST)
    with _counting(app, cost, "sign_up"):
        made = client.post(FORM, base_url=HOST, data={**form_of(form), "phone": "13800138000"})
    with _counting(app, cost, "receipt"):
        receipt = client.get(made.location, base_url=HOST)
    cost.bytes |= {"form": len(form.data), "receipt": len(receipt.data)}


def _programs(app: Flask, at: Stage, staff_no: str, ticket: str, cost: Cost) -> None:
    client = app.test_client()
    headers = {"Authorization": f"Bearer {at.bearer}"}
    body = {"staff_no": staff_no, "answers": {"phone": "13800138000"}}
    scanned = {"nonce": nonce(), "token": ticket, "check_point": "door", "scanned_at": cost.now}
    with _counting(app, cost, "api"):
        _sent(client, f"/api/v1/campaigns/{SLUG}/registrations", body, headers | {"Idempotency-Key": nonce()})
    with _counting(app, cost, "scan"):
        _sent(client, "/api/v1/scans", {"scans": [scanned]}, headers)


def _sent(client: FlaskClient, path: str, body: dict[str, Any], headers: dict[str, str]) -> None:
    answer = client.post(path, base_url=HOST, json=body, headers=headers)
    if answer.status_code not in {200, 201}:
        raise RuntimeError(f"{path}: {answer.status_code} {json.dumps(answer.json)}")


def main(times: int = 100) -> None:
    """So many sign-ups after each other in this process, then what one of each request costs."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(instance=Path(folder), scheduler=False)
        at, spent = set_stage(settings, people=times + 20, seated=5), Cost(now=datetime.now(UTC).isoformat())
        with opened(at.settings) as app, contextlib.redirect_stdout(io.StringIO()):
            for cookie in at.cookies[5 : times + 5]:
                _sign_up(app, cookie, spent)
            _pages(app, spent)
        print(json.dumps({"bytes": spent.bytes, "statements": spent.statements}, indent=1))


if __name__ == "__main__":
    main()
