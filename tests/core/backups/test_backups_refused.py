"""What is no whole backup, or goes where it must not, is refused, and nothing has changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from eventreg.config import Settings
from eventreg.core.backups import manifest, service
from eventreg.core.db.session import unit_of_work
from eventreg.core.keyring.keys import load_keys
from eventreg.outbox import service as outbox
from tests.rig import cast
from tests.rig.saved import another, files, no, opened, rows, saved, say


@pytest.fixture
def settings(tmp_path: Path, migrated_file: Path) -> Settings:
    """On SQLite: nothing gets as far as the database."""
    shutil.copy(migrated_file, tmp_path / "eventreg.db")
    return Settings(tmp_path / "instance", f"sqlite:///{tmp_path / 'eventreg.db'}", scheduler=False)


@pytest.fixture
def elsewhere(settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Another, empty installation."""
    with another(settings, tmp_path, request) as found:
        yield found


@pytest.fixture
def full(app: Flask) -> Flask:
    """An installation in which somebody signed up."""
    cast.sign_up(app, cast.set_stage(app), "A1")
    return app


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def other_keys(path: Path) -> None:
    path.unlink()
    load_keys(path.parent.parent)


HARMS: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "a bit of the database": (flipped, "backup.damaged", ""),
    "its end": (cut, "backup.damaged", ""),
    "a part": (Path.unlink, "backup.damaged", ""),
    "the manifest's end": (cut, "backup.damaged", manifest.NAME),
    "the manifest": (Path.unlink, "backup.unfinished", manifest.NAME),
    "the keys": (other_keys, "backup.damaged", service.KEYS),
}


def test_a_damaged_backup_is_refused_and_changes_nothing(
    full: Flask, elsewhere: Settings, tmp_path: Path
) -> None:
    whole, said = saved(full, tmp_path / "b"), dict[str, str]()
    part = max((whole / "database").iterdir(), key=lambda path: path.stat().st_size).relative_to(whole)
    with opened(elsewhere) as app:
        empty, others = rows(app), files(elsewhere)
        for hurt, (harm, code, name) in HARMS.items():
            hurting = name or str(part)
            shutil.copytree(whole, tmp_path / hurt)
            harm(tmp_path / hurt / hurting)
            refused = say(app, "restore", tmp_path / hurt)
            facts = {"part": hurting, "folder": str(tmp_path / hurt)}
            said[hurt] = "" if refused.stderr == no(app, code, **facts) else refused.stderr

        assert said == dict.fromkeys(HARMS, "")
        assert (rows(app), files(elsewhere)) == (empty, others)


def test_a_backup_goes_into_a_new_folder_only(app: Flask, tmp_path: Path) -> None:
    folder = saved(app, tmp_path / "b")
    again = say(app, "backup", folder)

    assert (again.exit_code, again.stderr) == (
        1,
        no(app, "backup.not_empty", folder=str(folder)),
    )


def test_nothing_is_restored_under_a_running_product(
    full: Flask, elsewhere: Settings, tmp_path: Path
) -> None:
    folder = saved(full, tmp_path / "b")
    with opened(elsewhere) as app:
        with app.app_context(), unit_of_work():
            outbox.take_lease("scheduler", "host:1", seconds=60)
        refused = say(app, "restore", folder)

        assert (refused.exit_code, refused.stderr) == (
            1,
            no(app, "backup.running", holder="host:1"),
        )
