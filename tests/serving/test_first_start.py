"""The first start: several at once, folders that are not ours, open umasks (T37)."""

from __future__ import annotations

import contextlib
import json
import os
import re
import stat
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from eventreg.accounts import links
from eventreg.core.clock import utc_now
from eventreg.core.db import session
from eventreg.core.db.session import unit_of_work
from eventreg.core.request_slots import FairSlots
from tests.house.repository import ROOT
from tests.rig import postgres
from tests.rig.disks import small_disk
from tests.rig.running import PATIENCE, command, free_port
from tests.rig.sizes import SIZES

LINK = re.compile(r"http://\S+(/sign-in/link/\S+)")


@dataclass
class Start:
    """One start among several: its process and what it has said so far."""

    process: subprocess.Popen[str]
    port: int
    out: list[str] = field(default_factory=list)
    err: list[str] = field(default_factory=list)

    def listen(self) -> list[threading.Thread]:
        """Read both pipes as they come."""
        pipes = ((self.process.stdout, self.out), (self.process.stderr, self.err))
        threads = [threading.Thread(target=lambda p=p, t=t: t.extend(p), daemon=True) for p, t in pipes]
        for thread in threads:
            thread.start()
        return threads

    def status_of(self, path: str) -> int:
        """The status that it answers with, 0 while it does not."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def links(self) -> list[str]:
        """The first administrator's links that it printed."""
        return LINK.findall("".join(self.out))


@contextlib.contextmanager
def starts_at_once(instance: Path, number: int, **settings: str) -> Iterator[list[Start]]:
    """`number` products started in the same instant on one folder; yields when each serves or ended."""
    ports = [free_port() for _ in range(number)]
    starts = [Start(command(instance, port, **settings), port) for port in ports]
    threads = [thread for start in starts for thread in start.listen()]
    deadline = time.monotonic() + PATIENCE * 2
    try:
        for start in starts:
            while start.process.poll() is None and start.status_of("/readyz") != 200:
                assert time.monotonic() < deadline, "a start neither serves nor ends"
                time.sleep(0.1)
        yield starts
    finally:
        for start in starts:
            start.process.terminate()
        for start in starts:
            start.process.wait(timeout=PATIENCE)
        for thread in threads:
            thread.join(timeout=PATIENCE)
        for start in starts:
            start.process.stdout.close()  # type: ignore[union-attr]
            start.process.stderr.close()  # type: ignore[union-attr]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database without a schema; "" is SQLite in the instance folder."""
    if request.param == "sqlite":
        yield ""
        return
    cluster: postgres.Cluster = request.getfixturevalue("cluster")
    url = cluster.fresh()
    yield url
    cluster.drop(url)


def test_several_starts_at_once_make_one_installation(tmp_path: Path, empty_database: str) -> None:
    instance = tmp_path / "instance"
    with starts_at_once(instance, SIZES.starts_at_once, database_url=empty_database) as starts:
        serve = [start.status_of("/sign-in") for start in starts]
        printed = [link for start in starts for link in start.links()]
        good = [link for link in printed if starts[0].status_of(link) == 200]
        said = "".join(line for start in starts for line in start.err)

    assert serve == [200] * SIZES.starts_at_once
    assert _counted(empty_database or f"sqlite:///{instance}/eventreg.db") == {
        "installation": 1,
        "alembic_version": 1,
    }
    assert (len(good), len(printed) - len(good)) == (1, SIZES.starts_at_once - 1)
    assert "Traceback" not in said
    assert _modes(instance / "keys") == {"keys.json": 0o600}
    assert not [line for line in said.splitlines() if json.loads(line)["level"] == "error"]


def _counted(url: str) -> dict[str, int]:
    engine = create_engine(url)
    with engine.connect() as connection:
        counted = {
            table: connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0  # noqa: S608
            for table in ("installation", "alembic_version")
        }
    engine.dispose()
    return counted


def _modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in sorted(folder.rglob("*"))}


AS_NOBODY = """
import os, sys
from app import main
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
main()
"""


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that every account reaches, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="public-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def _refusal(instance: Path) -> tuple[int, list[str]]:
    """Exit status and all lines of a start by an account that may not write everywhere.

    As root it becomes nobody once everything is imported; else it stays who we are.
    """
    env = os.environ | {"EVENTREG_INSTANCE": str(instance)}
    said = subprocess.run(
        [sys.executable, "-c", AS_NOBODY],
        cwd=ROOT,
        env=env,
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    return said.returncode, (said.stdout + said.stderr).splitlines()


def test_a_folder_where_nothing_can_be_made_is_refused_in_one_line(public: Path) -> None:
    closed = public / "closed"
    closed.mkdir(mode=0o555)

    code, said = _refusal(closed / "instance")

    assert (code, len(said)) == (1, 1)
    assert said[0].startswith(f"eventreg cannot start: The folder {closed / 'instance'} cannot be made")
    assert said[0].endswith("set EVENTREG_INSTANCE to a folder of our own.")


def test_a_folder_of_somebody_else_is_refused_and_left_alone(public: Path) -> None:
    folder = Path("/")
    if os.geteuid() == 0:
        folder = public
        folder.chmod(0o777)

    code, said = _refusal(folder)

    assert (code, len(said)) == (1, 1)
    assert "belongs to another account (uid 0), which could read the keys" in said[0]
    assert not (folder / "keys").exists()


def test_an_open_umask_opens_nothing(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    ours = os.umask(0)
    try:
        with starts_at_once(instance, 1, server="granian") as starts:
            assert starts[0].status_of("/sign-in") == 200
            open_ones = {name: mode for name, mode in _modes(tmp_path).items() if mode & 0o077}
    finally:
        os.umask(ours)

    assert open_ones == {}


def test_what_was_open_to_all_is_closed_and_said(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    with starts_at_once(instance, 1):
        pass
    for path in (instance / "keys/keys.json", instance / "eventreg.db", instance):
        path.chmod(0o777)

    with starts_at_once(instance, 1) as starts:
        pass

    assert {name: mode for name, mode in _modes(tmp_path).items() if mode & 0o077} == {}
    assert [json.loads(line)["event"] for line in starts[0].err if "keys" in line] == ["keys.were_open"]


def test_a_database_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    started = command(
        tmp_path / "instance", free_port(), database_url=f"postgresql://test@/none?host={tmp_path}"
    )
    said = "".join(started.communicate(timeout=PATIENCE)).splitlines()

    assert (started.returncode, len(said)) == (1, 1)
    assert "the database cannot be used, look at EVENTREG_DATABASE_URL" in said[0]


def _good_links_of_two_at_once(app: Flask) -> int:
    """Two units make a link, the second before the first is committed; how many links are good."""
    made: list[str] = []

    def make() -> None:
        with app.app_context(), unit_of_work():
            made.append(links.make(None, now=utc_now()))

    second = threading.Thread(target=make)
    with app.app_context(), unit_of_work():
        made.append(links.make(None, now=utc_now()))
        second.start()
        second.join(timeout=1)  # it waits for us, or it is done
    second.join(timeout=PATIENCE)
    with app.app_context():
        return sum(links.find(token, now=utc_now()) is not None for token in made)


def test_of_two_links_made_at_once_one_is_good(app: Flask) -> None:
    assert _good_links_of_two_at_once(app) == 1


def test_two_links_made_without_waiting_for_each_other_are_caught(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "one_at_a_time", lambda: None)
    monkeypatch.setitem(session.WRITERS, True, FairSlots(8))  # as if the two were in two processes

    on_sqlite = app.extensions["eventreg.settings"].database.startswith("sqlite")
    assert _good_links_of_two_at_once(app) == (1 if on_sqlite else 2)  # SQLite's writers wait anyway


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("ro", "cannot be made or kept private (Read-only file system)"),
        ("size=64k", "the disk is full: make room and start again."),
    ],
)
def test_a_disk_that_takes_nothing_is_said_in_one_line(tmp_path: Path, options: str, says: str) -> None:
    with small_disk(tmp_path / "disk", options) as disk:
        started = command(disk / "instance", free_port())
        said = "".join(started.communicate(timeout=PATIENCE)).splitlines()

    assert started.returncode == 1
    assert len(said) == 1
    assert says in said[-1]
