"""What becomes of a letter after an attempt to deliver it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

CLAIM = timedelta(seconds=60)
PATIENCE = timedelta(days=5)  # RFC 5321 4.5.4.1: give up after 4 to 5 days
STEPS = (1, 2, 5, 15, 30)  # minutes; then every 30


class Lane(IntEnum):
    """Sign-in codes have a lane of their own: somebody is waiting for them."""

    CODES = 0
    ORDINARY = 1


class Channel(StrEnum):
    """How a letter travels: by mail to one person, or by a robot into a group chat."""

    MAIL = "mail"
    ROBOT = "robot"


class LetterState(StrEnum):
    """queued → claimed → sent; back to queued for a later attempt, failed when it is final.

    An expired letter was not sent while anybody wanted it: what it tells of has begun. A withheld letter has nobody to go to (no mailbox) or was overtaken; it stays as the record.
    """

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"
    WITHHELD = "withheld"


class Outcome(StrEnum):
    """What the mail server said (2xx, 4xx or silence, 5xx); or STALE: overtaken, not even tried."""

    ACCEPTED = "accepted"
    LATER = "later"
    REFUSED = "refused"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Fate:
    """The state a letter moves to, and when it is due again (only for QUEUED)."""

    state: LetterState
    due_at: datetime | None = None


def fate(outcome: Outcome, *, attempts: int, posted_at: datetime, now: datetime) -> Fate:
    """Decide by the outcome of attempt number `attempts` (1 is the first)."""
    if outcome is Outcome.ACCEPTED:
        return Fate(LetterState.SENT)
    if outcome is Outcome.STALE:
        return Fate(LetterState.WITHHELD)
    if outcome is Outcome.REFUSED or now - posted_at > PATIENCE:
        return Fate(LetterState.FAILED)
    return Fate(LetterState.QUEUED, now + timedelta(minutes=STEPS[min(attempts, len(STEPS)) - 1]))
