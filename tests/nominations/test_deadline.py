"""A submission against its deadline: what was begun in time and is there within ten minutes counts, on both databases.

A server notes when a request began; the deadline then falls between its head and its body, so nobody waits.
The control is a server that notes nothing.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from waitress.server import create_server

from eventreg.campaigns.models import Campaign
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Refused
from eventreg.nominations import service
from eventreg.nominations.rules import CONDITIONS
from eventreg.serving.server import pace_requests
from eventreg.serving.waitress_start import WAITRESS, with_waitress
from tests.rig import awards, cast
from tests.rig.actors import acting
from tests.rig.awards import Contest, written
from tests.rig.clients import signed_in_client, token_in

pytestmark = pytest.mark.race

SECOND, GRACE = timedelta(seconds=1), timedelta(minutes=10)
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def contest(app: Flask) -> Contest:
    """The award, open since an hour of the real clock."""
    since = utc_now() - timedelta(hours=1)
    return awards.set_award(app, cast.set_stage(app, now=since), now=since)


@pytest.fixture
def draft(app: Flask, contest: Contest) -> int:
    """A draft to which nothing is missing."""
    made = awards.begin(app, contest, "B2", "A1", now=utc_now())
    awards.save(app, contest, "B2", made, written(chosen_on="2026-01-15"), now=utc_now())
    return made


@pytest.mark.parametrize(
    ("began", "arrived", "told"),
    [
        (-SECOND, -SECOND, "submitted"),
        (-SECOND, SECOND, "submitted"),
        (-SECOND, GRACE, "submitted"),
        (-SECOND, GRACE + SECOND, "nomination.closed"),
        (timedelta(), SECOND, "nomination.closed"),
        (SECOND, SECOND, "nomination.closed"),
    ],
)
def test_what_began_in_time_has_ten_minutes_to_arrive(
    app: Flask, contest: Contest, draft: int, began: timedelta, arrived: timedelta, told: str
) -> None:
    closes, by = contest.closes_at, contest.person("B2")
    with app.app_context():
        try:
            with unit_of_work():
                service.submit(draft, seen=2, actor=acting(by, closes + arrived), began=closes + began)
            answer = "submitted"
        except Refused as refused:
            answer = refused.code

    assert (answer, awards.states(app)) == (told, ["submitted" if told == "submitted" else "draft"])


def _dated(app: Flask) -> Any:
    return with_waitress(app, host="127.0.0.1", port=0)


def _plain(app: Flask) -> Any:
    return create_server(app, host="127.0.0.1", port=0, **WAITRESS)


@contextmanager
def serving(app: Flask, make: Callable[[Flask], Any]) -> Iterator[int]:
    """The product on a free port, until the end of the block."""
    pace_requests(app)
    server = make(app)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield int(server.effective_port)
    finally:
        server.close()
        thread.join(timeout=10)


@contextmanager
def begun(app: Flask, port: int, draft: int, deeds: str) -> Iterator[Callable[[], str]]:
    """A submission whose head the server has; called, its body sets out, and what was answered comes back."""
    path = f"/unit/nominations/{draft}"
    client = signed_in_client(app, "B2")
    page = client.get(path)
    typed = [("csrf_token", token_in(page)), ("do", "submit"), ("deeds", deeds), ("short", "好。")]
    for name in ("version", "tab"):
        found = re.search(rf'name="{name}" type="hidden" value="([^"]+)"', page.text)
        assert found is not None
        typed.append((name, found[1]))
    typed += [(name, text) for name, text in awards.ANSWERS.items() if name != "chosen_on"]
    typed += [("chosen_on", "2026-01-15"), *(("ticked", code) for code in CONDITIONS)]
    name = app.config["SESSION_COOKIE_NAME"]
    cookie, body = client.get_cookie(name), urlencode(typed).encode()
    assert cookie is not None
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {name}={cookie.value}\r\nContent-Type: {FORM}\r\n"
        f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line, line.makefile("rb") as answer:
        line.sendall(head.encode())
        assert answer.readline() == b"HTTP/1.1 100 Continue\r\n"

        def sent() -> str:
            line.sendall(body)
            return answer.read().decode()

        yield sent


def close(app: Flask, contest: Contest, at: datetime) -> None:
    """The deadline is at this instant now."""
    with app.app_context(), unit_of_work():
        row = db.session.get_one(Campaign, contest.campaign_id)
        row.closes_at, row.version = at, row.version + 1


def test_a_slow_one_that_began_before_the_deadline_counts(app: Flask, contest: Contest, draft: int) -> None:
    with serving(app, _dated) as port, begun(app, port, draft, "字" * 1000) as send:
        close(app, contest, utc_now())
        answer = send()

    assert "303 SEE OTHER" in answer
    assert awards.states(app) == ["submitted"]


def test_one_that_began_after_it_stays_a_draft_with_what_was_typed(
    app: Flask, contest: Contest, draft: int
) -> None:
    with serving(app, _dated) as port:
        close(app, contest, utc_now())
        with begun(app, port, draft, "迟" * 1001) as send:
            answer = send()

    assert answer.count("迟" * 1001) > 0
    assert "没有提交" in answer
    assert awards.states(app) == ["draft"]
    assert awards.version(app, draft) == 3


def test_the_control_a_server_that_notes_nothing_loses_the_slow_one(
    app: Flask, contest: Contest, draft: int
) -> None:
    with serving(app, _plain) as port, begun(app, port, draft, "字" * 1000) as send:
        close(app, contest, utc_now())
        send()

    assert awards.states(app) == ["draft"]
