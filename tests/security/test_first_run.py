"""The first run makes its own secrets, for itself alone, once (T37); a foreign database is refused."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Unusable
from eventreg.core.keyring.installation import claim_installation
from eventreg.core.keyring.keys import PURPOSES
from eventreg.factory import create_app
from tests.house.repository import ROOT
from tests.rig.running import PATIENCE

UMASKS = (0o022, 0o000, 0o077)
FIRST_RUNS = """
import os, sys
from pathlib import Path
from eventreg.config import Settings
from eventreg.factory import create_app

for folder, umask in zip(sys.argv[1::2], sys.argv[2::2]):
    os.umask(int(umask))
    create_app(Settings(instance=Path(folder), scheduler=False))
"""


@pytest.fixture(scope="module")
def first_runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Instance folders by the umask of their first run; those "open" were there before, for everybody to look in."""
    root = tmp_path_factory.mktemp("first")
    folders = {f"{umask:03o}": root / f"{umask:03o}" for umask in UMASKS}
    folders |= {f"open {umask:03o}": root / f"open {umask:03o}" for umask in UMASKS[:2]}
    for name, folder in folders.items():
        if name.startswith("open"):
            folder.mkdir()
            folder.chmod(0o755)
    told = [word for name, folder in folders.items() for word in (str(folder), str(int(name.split()[-1], 8)))]
    command = [sys.executable, "-c", FIRST_RUNS, *told]
    subprocess.run(command, cwd=ROOT, check=True, timeout=PATIENCE * len(folders))  # one after the other
    return folders


def _modes(folder: Path) -> dict[str, int]:
    return {
        path.relative_to(folder).as_posix(): stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")
    }


def test_keys_are_readable_by_us_alone(first_runs: dict[str, Path]) -> None:
    for name, folder in first_runs.items():
        modes = _modes(folder)
        assert (name, modes["keys"], modes["keys/keys.json"]) == (name, 0o700, 0o600)
        assert (name, stat.S_IMODE(folder.stat().st_mode)) == (name, 0o700)


def test_nobody_else_can_read_the_database(first_runs: dict[str, Path]) -> None:
    """Neither through the folder nor, where the folder was there already and open, by the file."""
    for name, folder in first_runs.items():
        modes = _modes(folder)
        assert "eventreg.db" in modes
        assert (name, {path: mode for path, mode in modes.items() if mode & 0o077}) == (name, {})


@pytest.mark.race
def test_several_processes_may_claim_an_empty_database_at_the_same_instant(app: Flask) -> None:
    """On PostgreSQL no lock file keeps their units of work apart."""
    failed: list[str] = []

    def claim(gate: threading.Barrier) -> None:
        with app.app_context():
            db.session.execute(text("SELECT 1"))
            gate.wait()
            try:
                with unit_of_work():
                    claim_installation(
                        app.extensions["eventreg.keys"], folder=Path("keys"), host="localhost", now=utc_now()
                    )
            except Exception as error:
                failed.append(type(error).__name__)
            db.session.remove()

    for _ in range(10):
        with app.app_context(), unit_of_work():
            db.session.execute(text("DELETE FROM installation"))
            db.session.execute(text("DELETE FROM installation_key"))
        gate = threading.Barrier(6)
        threads = [threading.Thread(target=claim, args=(gate,)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert failed == []


def test_keys_are_random_and_one_for_each_purpose(tmp_path: Path) -> None:
    stored = []
    for name in ("one", "two"):
        _made(Settings(instance=tmp_path / name, scheduler=False))
        stored.append(json.loads((tmp_path / name / "keys/keys.json").read_text()))
    values = [key["key"] for keys in stored for purpose in PURPOSES for key in keys[purpose]]

    assert (len(values), len(set(values)), {len(value) for value in values}) == (12, 12, {64})


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
