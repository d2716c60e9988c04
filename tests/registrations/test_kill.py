"""The kill harness, and the planted faults that it must catch."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eventreg.config import Settings
from tests.rig.sizes import SIZES

from .kill import LEAST, Tally, run

pytestmark = pytest.mark.kill


def test_kills_lose_nothing_that_was_acknowledged(settings: Settings) -> None:
    tally = run(replace(settings, base_url="http://127.0.0.1"), kills=SIZES.kills)
    print(f"kills {tally.kills}, acknowledged {len(tally.acknowledged)}, registered {tally.registered}")

    assert (tally.lost, tally.without_letter, tally.without_audit_row, tally.drift, tally.integrity) == (
        0,
        0,
        0,
        0,
        "ok",
    )
    assert tally.kills >= 40
    assert len(tally.acknowledged) >= LEAST * tally.kills


def test_answering_before_the_commit_is_caught(settings: Settings) -> None:
    tally = run(
        replace(settings, base_url="http://127.0.0.1"), kills=SIZES.planted_kills, fault="answer_first"
    )

    assert tally.lost > 0


def test_a_letter_in_a_second_transaction_is_caught(settings: Settings) -> None:
    tally = run(
        replace(settings, base_url="http://127.0.0.1"), kills=SIZES.planted_kills, fault="two_transactions"
    )

    assert tally.without_letter > 0


def test_the_tally_can_be_red() -> None:
    assert [Tally(lost=1).red, Tally(without_letter=1).red, Tally(integrity="bad").red, Tally().red] == [
        True,
        True,
        True,
        False,
    ]
