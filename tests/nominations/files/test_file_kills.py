"""The harness that kills while files are handed in, and the planted fault that it must catch."""

from __future__ import annotations

from pathlib import Path

import pytest

from eventreg.config import Settings
from tests.conftest import _copied
from tests.rig.sizes import SIZES

from .file_kills import Tally, run

pytestmark = pytest.mark.kill


@pytest.fixture
def settings(tmp_path: Path, migrated_file: Path) -> Settings:
    """On SQLite: what is tested is the order of disk and row, not the database."""
    return Settings(
        instance=tmp_path / "instance", database_url=_copied(migrated_file, tmp_path), scheduler=False
    )


def test_a_kill_leaves_no_row_without_file_and_no_file_without_row(settings: Settings) -> None:
    tally = run(settings, kills=SIZES.file_kills)

    assert (tally.kills, tally.lost, tally.without_file, tally.without_row) == (SIZES.file_kills, 0, 0, 0)
    assert len(tally.acknowledged) > 0
    assert tally.swept > 0


def test_a_row_before_its_file_is_caught(settings: Settings) -> None:
    assert run(settings, kills=SIZES.file_kills, fault="row_first").without_file > 0


def test_the_tally_can_be_red() -> None:
    assert [Tally(lost=1).red, Tally(without_file=1).red, Tally(without_row=1).red, Tally().red] == [
        True,
        True,
        True,
        False,
    ]
