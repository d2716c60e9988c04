"""The first run makes its own secrets, for itself alone, once (T37); a foreign database is refused."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db import db, unit_of_work
from eventreg.core.errors import Unusable
from eventreg.core.installation import claim_installation
from eventreg.factory import create_app
from tests.house.repository import ROOT

START = "from app import create_app; create_app()"
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a process that makes the app in tmp_path and ends."""
    running: list[subprocess.Popen[str]] = []

    def start(umask: int = 0o022, **environ: str) -> subprocess.Popen[str]:
        env = {
            **os.environ,
            "EVENTREG_INSTANCE": str(tmp_path / "instance"),
            "PYTHONPATH": str(ROOT),
            **environ,
        }
        process = subprocess.Popen(
            [sys.executable, "-c", START],
            cwd=tmp_path,
            env=env,
            umask=umask,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.communicate(timeout=30)


@pytest.mark.parametrize("umask", [0o022, 0o000, 0o077])
def test_keys_are_readable_by_us_alone(start: Start, tmp_path: Path, umask: int) -> None:
    assert start(umask=umask).wait(30) == 0

    modes = {
        name: stat.S_IMODE((tmp_path / "instance" / name).stat().st_mode)
        for name in (".", "keys", "keys/keys.json")
    }
    assert modes == {".": 0o700, "keys": 0o700, "keys/keys.json": 0o600}


@pytest.mark.parametrize("umask", [0o022, 0o000])
def test_nobody_else_can_read_the_database(start: Start, tmp_path: Path, umask: int) -> None:
    """Neither through the folder nor, where the folder was there already and open, by the file."""
    (tmp_path / "instance").mkdir(mode=0o755)
    assert start(umask=umask).wait(30) == 0

    folder = tmp_path / "instance"
    open_to_others = [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    assert open_to_others == []


def test_four_processes_at_once_make_one_set_of_keys_and_one_database(
    start: Start, tmp_path: Path, database: str
) -> None:
    started = [start(EVENTREG_DATABASE_URL=database) for _ in range(4)]
    ended = [(process.communicate(timeout=60)[1], process.returncode) for process in started]

    assert [code for _, code in ended] == [0] * 4, ended
    assert sorted(p.name for p in (tmp_path / "instance/keys").iterdir()) == ["keys.json"]
    assert _counted(database) == {"installation": 1, "alembic_version": 1}


def test_several_processes_may_claim_an_empty_database_at_the_same_instant(app: Flask) -> None:
    """On PostgreSQL no lock file keeps their units of work apart."""
    failed: list[str] = []

    def claim(gate: threading.Barrier) -> None:
        with app.app_context():
            db.session.execute(text("SELECT 1"))
            gate.wait()
            try:
                with unit_of_work():
                    claim_installation(app.extensions["eventreg.keys"], folder=Path("keys"), now=utc_now())
            except Exception as error:
                failed.append(type(error).__name__)
            db.session.remove()

    for _ in range(10):
        with app.app_context(), unit_of_work():
            db.session.execute(text("DELETE FROM installation"))
        gate = threading.Barrier(6)
        threads = [threading.Thread(target=claim, args=(gate,)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert failed == []


def _counted(url: str) -> dict[str, int]:
    engine = create_engine(url)
    with engine.connect() as connection:
        counted = {
            table: connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0  # noqa: S608
            for table in ("installation", "alembic_version")
        }
    engine.dispose()
    return counted


def test_keys_are_random_and_one_for_each_purpose(tmp_path: Path) -> None:
    stored = []
    for name in ("one", "two"):
        _made(Settings(instance=tmp_path / name, scheduler=False))
        stored.append(json.loads((tmp_path / name / "keys/keys.json").read_text()))
    values = [value for keys in stored for value in keys.values()]

    assert (len(values), len(set(values)), {len(value) for value in values}) == (10, 10, {64})


def test_a_second_start_changes_no_key(tmp_path: Path) -> None:
    settings, file = Settings(instance=tmp_path, scheduler=False), tmp_path / "keys/keys.json"
    _made(settings)
    before = file.read_bytes()
    _made(settings)

    assert file.read_bytes() == before


def test_other_keys_are_refused_with_what_to_copy_where(tmp_path: Path) -> None:
    _made(Settings(instance=tmp_path, scheduler=False))
    shutil.rmtree(tmp_path / "keys")

    with pytest.raises(Unusable, match=rf"Copy keys/keys\.json .* {tmp_path}/keys/keys\.json"):
        _made(Settings(instance=tmp_path, scheduler=False))


@pytest.mark.parametrize("content", [b"", b"{}", b"not json", b'{"session": "00"}'])
def test_a_damaged_key_file_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    _made(Settings(instance=tmp_path, scheduler=False))
    (tmp_path / "keys/keys.json").write_bytes(content)

    with pytest.raises(Unusable, match="restore it from a backup"):
        _made(Settings(instance=tmp_path, scheduler=False))
    assert (tmp_path / "keys/keys.json").read_bytes() == content


def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path, scheduler=False)
    _made(settings)
    engine = create_engine(settings.database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(Unusable, match="made by a newer eventreg"):
        _made(settings)

    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    engine.dispose()


def test_a_folder_that_cannot_be_made_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(Unusable, match=f"The folder {tmp_path}/file/instance cannot be made"):
        create_app(Settings(instance=tmp_path / "file" / "instance", scheduler=False))


def test_an_empty_product_has_nobody_with_a_password_or_a_role(tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path, scheduler=False)
    _made(settings)
    engine = create_engine(settings.database)
    with engine.connect() as connection:
        counted = [
            connection.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608
            for table in ("person", "role_grant", "browser_session", "sign_in_link")
        ]
    engine.dispose()

    assert counted == [0, 0, 0, 0]


def _made(settings: Settings) -> None:
    """Make the app once, and let go of its database."""
    app = create_app(settings)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
