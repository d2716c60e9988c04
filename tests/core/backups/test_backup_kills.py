"""A backup that was cut off is none, at whichever step the power failed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from eventreg.config import Settings

from .backup_kills import FILES, Tally, run

pytestmark = pytest.mark.kill


@pytest.fixture
def settings(tmp_path: Path, migrated_file: Path) -> Settings:
    """An installation on SQLite: the parts are files on either database."""
    shutil.copy(migrated_file, tmp_path / "eventreg.db")
    return Settings(tmp_path / "instance", f"sqlite:///{tmp_path / 'eventreg.db'}", scheduler=False)


def test_only_the_backup_that_came_to_its_end_is_whole(settings: Settings, tmp_path: Path) -> None:
    blocks = 1 + 2 * FILES  # of the keys and of the files

    assert run(settings, tmp_path) == Tally(kills=blocks + 1, whole=1, falsely_whole=0)


def test_telling_before_copying_is_caught(settings: Settings, tmp_path: Path) -> None:
    assert run(settings, tmp_path, "manifest_first").falsely_whole > 0
