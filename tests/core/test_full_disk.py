"""A disk that becomes full: reading goes on, writing says so, nothing is half-written (I28).

The disk is a small one of our own, see `tests/rig/disks.py`: these tests have to run as root and fail where they do not.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from eventreg.config import Settings
from eventreg.core.clock import utc_now
from tests.conftest import close, make_app
from tests.core.db.raw_requests import Answer, ask, kept, serving, sign_up
from tests.registrations.kill import PATH, Tally, Ticketless, crowd, judge
from tests.rig import cast
from tests.rig.disks import small_disk
from tests.rig.sizes import SIZES

DISK = "24m"
STEP = 20 * 1024  # bytes that each next round leaves free
REMARK = "X-remark-kept"
MIB = 1024 * 1024
DISKS = ("instance", "files", "database")


@dataclass
class Small:
    """A small disk with an installation on it, and everybody who wants to sign up there."""

    disk: Path
    settings: Settings
    people: list[Ticketless]
    tally: Tally = field(default_factory=Tally)

    def fill(self, free: int) -> None:
        """Leave so many bytes, after the write-ahead log gave its room back."""
        with closing(sqlite3.connect(self.settings.instance / "eventreg.db", timeout=5)) as line:
            line.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        with (self.disk / "ballast").open("wb", buffering=0) as ballast:
            with contextlib.suppress(OSError):  # no space left
                while ballast.write(bytes(65536)):
                    pass
            ballast.truncate(max(0, ballast.tell() - free))

    def make_room(self) -> None:
        """Somebody tidies up."""
        (self.disk / "ballast").unlink()

    def until_refused(self, port: int) -> tuple[Ticketless, Answer]:
        """Sign up one after the other; the first who is not taken, and her answer."""
        while self.people:
            somebody = self.people.pop()
            answer = sign_up(port, somebody, remark=REMARK)
            if not answer.registered:
                return somebody, answer
            self.tally.acknowledged.add(somebody.person_id)
        raise AssertionError("the disk never became full")

    def judged(self) -> Tally:
        """What the tables say of it."""
        app = make_app(self.settings)
        judge(app, self.tally)
        close(app)
        return self.tally


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    """A disk of our own for the instance folder."""
    with small_disk(tmp_path / "disk", f"size={DISK}") as disk:
        settings = Settings(instance=disk / "instance", base_url="http://127.0.0.1", scheduler=False)
        app = make_app(settings)
        stage = cast.set_stage(app, capacity=None, extra=30 * SIZES.full_disks, now=utc_now())
        yield Small(disk, settings, crowd(app, stage))
        close(app)


def test_a_full_disk_refuses_plainly_and_recovers_by_itself(small: Small) -> None:
    told, again, read, missing = set(), set(), set(), []
    with serving(small.settings) as port:
        for number in range(SIZES.full_disks):
            small.fill(number * STEP)
            somebody, refused = small.until_refused(port)
            told.add((refused.status, refused.retry_after, "磁盘满了" in refused.body))
            missing += kept(refused, somebody, remark=REMARK)
            read.add(ask(port, "GET", PATH.removesuffix("/registration"), cookie=somebody.cookie).status)
            small.make_room()
            answer = sign_up(port, somebody, remark=REMARK)
            again.add(answer.registered)
            small.tally.acknowledged.add(somebody.person_id)

    assert (told, missing, read, again) == ({(507, "60", True)}, [], {200}, {True})
    tally = small.judged()
    assert tally.red is False
    assert tally.registered == len(tally.acknowledged)
    assert tally.registered > SIZES.full_disks


def test_readyz_says_that_the_disk_is_full_and_that_it_has_room_again(small: Small) -> None:
    told = []
    with serving(small.settings) as port:
        for free in (5 * MIB, 0, None):
            if free is None:
                small.make_room()
            else:
                small.fill(free)
            answer = ask(port, "GET", "/readyz")
            body = json.loads(answer.body)
            told.append((answer.status, body["status"], *(body["disks"][name] for name in DISKS)))
        answered = ask(port, "GET", "/healthz").status

    low = (200, "ready", "low", "low", "low")
    assert (told, answered) == ([low, (503, "disk is full", "full", "full", "full"), low], 200)


def test_answering_before_the_commit_is_caught_by_a_full_disk(small: Small) -> None:
    with serving(small.settings, "answer_first") as port:
        small.fill(0)
        for _ in range(5):
            somebody = small.people.pop()
            assert sign_up(port, somebody).registered
            small.tally.acknowledged.add(somebody.person_id)
    small.make_room()

    assert small.judged().lost == 5
