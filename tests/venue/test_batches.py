"""A batch of scans cut by SIGKILL and sent again; the control answers too early."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eventreg.config import Settings
from tests.rig.sizes import SIZES

from .batches import HOLDERS, SCANS_A_LIFE, run

pytestmark = pytest.mark.kill


def test_no_scan_is_lost_and_each_ticket_counts_once(settings: Settings) -> None:
    tally = run(replace(settings, base_url="http://127.0.0.1"), kills=SIZES.batch_kills)

    scanned = SIZES.batch_kills * SCANS_A_LIFE
    assert (tally.scanned, tally.told, tally.lost, tally.told_otherwise) == (scanned, scanned, 0, 0)
    assert tally.counted == HOLDERS


def test_a_server_that_answers_before_it_commits_is_caught(settings: Settings) -> None:
    """The control: the phone has let go of scans that nobody keeps."""
    tally = run(
        replace(settings, base_url="http://127.0.0.1"),
        kills=SIZES.planted_kills,
        fault="scans_answered_first",
    )

    assert tally.lost > 0
