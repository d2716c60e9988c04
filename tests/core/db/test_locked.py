"""Somebody else holds the database: short, one waits; long, 503 with the form kept, and no 500 (I27)."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace

import psycopg
import pytest
from flask import Flask

from eventreg.config import Settings
from eventreg.core.clock import utc_now
from tests.api.program import token_for
from tests.conftest import close, make_app
from tests.core.db import raw_requests
from tests.registrations.kill import PATH, Ticketless, crowd
from tests.rig import cast
from tests.venue.batches import paired

from .raw_requests import Answer, ask, kept, register, scan, serving, sign_up

BRIEF = 3.0  # seconds
LONG = 30.0  # seconds at most; the lock goes when everybody was answered
READ = PATH.removesuffix("/registration")
REMARK = "X-remark-kept"


@dataclass(frozen=True)
class Doors:
    """A migrated installation, and what each door asks for."""

    settings: Settings
    people: list[Ticketless]
    program: str
    phone: str

    def all(self, port: int, number: int) -> list[Callable[[], Answer]]:
        """A sign-up by page, one by a program, and a scan."""
        return [
            lambda: sign_up(port, self.people[number], remark=REMARK),
            lambda: register(port, self.program, f"X{number + 1:04d}"),
            lambda: scan(port, self.phone, f"n{number}"),
        ]


@pytest.fixture
def doors(settings: Settings) -> Doors:
    """Six people about to sign up (the last three of them by the program), a program and a phone."""
    own = replace(settings, base_url="http://127.0.0.1")
    app = make_app(own)
    stage = cast.set_stage(app, capacity=None, extra=6, now=utc_now())
    found = Doors(own, crowd(app, stage)[::-1], _token(app), paired(app, stage).token)
    close(app)
    return found


def _token(app: Flask) -> str:
    return token_for(app, "campaigns", "registrations")


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Hold the whole database from outside."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as line:
            line.execute("BEGIN EXCLUSIVE")
            yield
            line.execute("ROLLBACK")
        return
    with psycopg.connect(url.replace("+psycopg", "")) as other:
        other.execute("LOCK TABLE registration, campaign, scan, letter IN ACCESS EXCLUSIVE MODE")
        yield
        other.rollback()


def at_once(asked: list[Callable[[], Answer]]) -> list[Answer]:
    """Ask all at the same time."""
    with ThreadPoolExecutor(len(asked)) as crew:
        return [future.result() for future in [crew.submit(one) for one in asked]]


def test_a_short_lock_is_waited_for(doors: Doors) -> None:
    with serving(doors.settings) as port, ThreadPoolExecutor(1) as crew:
        with locked(doors.settings.database):
            asked = crew.submit(at_once, doors.all(port, 0))
            threading.Event().wait(BRIEF)
            assert not asked.done()
        answers = asked.result()

    assert [answer.status for answer in answers] == [303, 201, 200]


def test_under_a_long_lock_everybody_is_told_and_can_send_again(doors: Doors) -> None:
    reader = doors.people[0]
    with serving(doors.settings) as port:
        with locked(doors.settings.database):
            *refused, page = at_once(
                [*doors.all(port, 0), lambda: ask(port, "GET", READ, cookie=reader.cookie)]
            )
        again = at_once(doors.all(port, 0))

    assert [(a.status, a.retry_after) for a in refused] == [(503, "20"), (503, "5"), (503, "5")]
    assert kept(refused[0], reader, remark=REMARK) == []
    assert [a.kind for a in refused[1:]] == ["application/problem+json"] * 2
    assert [a.status for a in again] == [303, 201, 200]
    # SQLite reads beside a writer; PostgreSQL's lock of this kind keeps readers out too.
    reads = doors.settings.database.startswith("sqlite")
    assert (page.status, page.retry_after) == ((200, "") if reads else (503, "20"))


def test_an_app_that_does_not_know_a_busy_database_is_caught(doors: Doors) -> None:
    with serving(doors.settings, "unmapped") as port, locked(doors.settings.database):
        answer = sign_up(port, doors.people[0])

    assert answer.status == 500


def test_nobody_is_left_longer_than_the_patience_of_these_tests() -> None:
    """Else "answered while it was held" would prove nothing."""
    assert BRIEF < 5 < raw_requests.PATIENCE < LONG
