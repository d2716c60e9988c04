"""The clock harness, and the planted faults that it must catch."""

from __future__ import annotations

from pathlib import Path

import pytest

from eventreg.config import Settings
from tests.conftest import _copied
from tests.rig.sizes import SIZES

from .clock import Tally, run

pytestmark = pytest.mark.kill


@pytest.fixture
def alone(tmp_path: Path, migrated_file: Path) -> Settings:
    """An installation on SQLite, for faults that have nothing to do with the database."""
    return Settings(instance=tmp_path / "instance", database_url=_copied(migrated_file, tmp_path))


def test_each_reminder_goes_out_once_whatever_the_clock_does(settings: Settings) -> None:
    tally = run(settings, upsets=SIZES.clock_upsets)
    print(f"reminders {sum(tally.made.values())}, kills {tally.kills}, steps back {tally.steps}")

    assert (tally.lost, tally.extra, tally.early, tally.after_the_event) == (0, 0, 0, 0)
    assert (tally.unsent, tally.stalls) == (0, 0)
    assert sum(tally.made.values()) == 3 * 2 * 5 + 2
    assert tally.steps == SIZES.clock_upsets
    assert tally.kills >= SIZES.clock_upsets


def test_a_job_that_keeps_no_memory_is_caught(alone: Settings) -> None:
    assert run(alone, upsets=1, fault="forgetful").extra > 0


def test_a_scheduler_that_is_deaf_to_the_clock_is_caught(alone: Settings) -> None:
    assert run(alone, upsets=1, fault="deaf").stalls > 0


def test_the_tally_can_be_red() -> None:
    lost, twice = Tally(), Tally()
    lost.expected[1, 1] = 1
    twice.expected[1, 1], twice.made[1, 1] = 1, 2

    assert [(t.lost, t.extra) for t in (lost, twice, Tally())] == [(1, 0), (0, 1), (0, 0)]
