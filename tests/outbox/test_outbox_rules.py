"""What becomes of a letter: sent, later, given up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventreg.outbox.rules import LetterState, LetterTransition, SendOutcome, fate
from tests.rig.cast import NOW


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 2), (3, 5), (4, 15), (5, 30), (6, 30), (100, 30)]
)
def test_each_failed_attempt_waits_longer_up_to_half_an_hour(attempts: int, minutes: int) -> None:
    due = NOW + timedelta(minutes=minutes)

    assert fate(SendOutcome.LATER, attempts=attempts, posted_at=NOW, now=NOW) == LetterTransition(
        LetterState.QUEUED, due
    )


def test_after_five_days_it_is_given_up() -> None:
    late = NOW + timedelta(days=5, seconds=1)

    assert fate(SendOutcome.LATER, attempts=9, posted_at=NOW, now=late) == LetterTransition(
        LetterState.FAILED
    )


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (SendOutcome.ACCEPTED, LetterState.SENT),
        (SendOutcome.REFUSED, LetterState.FAILED),
        (SendOutcome.STALE, LetterState.WITHHELD),
    ],
)
def test_the_last_word_settles_a_letter(outcome: SendOutcome, state: LetterState) -> None:
    assert fate(outcome, attempts=1, posted_at=NOW, now=NOW) == LetterTransition(state)


@pytest.mark.parametrize(
    ("seconds_left", "state"),
    [(59, LetterState.EXPIRED), (60, LetterState.EXPIRED), (61, LetterState.QUEUED)],
)
def test_a_letter_is_tried_again_only_while_it_is_wanted(seconds_left: int, state: LetterState) -> None:
    until = NOW + timedelta(seconds=seconds_left)

    assert fate(SendOutcome.LATER, attempts=1, posted_at=NOW, expires_at=until, now=NOW).state is state
