"""What becomes of a letter after an attempt to deliver it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from eventreg.core.errors import Refused

OVERTAKEN = "overtaken"  # the trouble of a letter whose fact is no longer so
SLOW = "slow"  # the trouble of a letter that was put off because its server was silent for too long
CLAIM = timedelta(seconds=60)  # renewed for as long as somebody works on it
PATIENCE = timedelta(days=5)  # RFC 5321 4.5.4.1: give up after 4 to 5 days
STEPS = (1, 2, 5, 15, 30)  # minutes; then every 30
FURTHEST = timedelta(minutes=30)  # no due instant is further ahead of now, unless the clock was set back
TOLERANCE = timedelta(seconds=2)  # by how much a clock may run away before it counts as set
MINUTE = timedelta(minutes=1)
PROMPT = timedelta(seconds=5)  # a letter that waits longer for its answer keeps only its own line
BURST = timedelta(seconds=5)  # what a rate may make up for at once


class Lane(IntEnum):
    """Sign-in codes have a lane of their own: somebody is waiting for them.

    So do robots: a silent chat service holds up no mail.
    """

    CODES = 0
    ORDINARY = 1
    ROBOTS = 2


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


class SendOutcome(StrEnum):
    """What the mail server said (2xx, 4xx or silence, 5xx); or why it was not even asked.

    EXPIRED: what the letter tells of has begun. STALE: overtaken by another fact.
    """

    ACCEPTED = "accepted"
    LATER = "later"
    REFUSED = "refused"
    EXPIRED = "expired"
    STALE = "stale"


class PauseReason(StrEnum):
    """Why ordinary letters were paused."""

    TROUBLE = "trouble"
    WRONG = "wrong"
    RESTORED = "restored"
    OTHER = "other"


FINAL = {
    SendOutcome.ACCEPTED: LetterState.SENT,
    SendOutcome.REFUSED: LetterState.FAILED,
    SendOutcome.EXPIRED: LetterState.EXPIRED,
    SendOutcome.STALE: LetterState.WITHHELD,
}


@dataclass(frozen=True, slots=True)
class LetterTransition:
    """The state that a letter moves to, and when it is due again (only for QUEUED)."""

    state: LetterState
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClosedDomains:
    """Recipient domains that a line of this process may not take letters of now.

    `closed`: no letter at all. `hurried`: none that was put off as slow, for another letter of the domain is waited for.
    """

    closed: frozenset[str] = frozenset()
    hurried: frozenset[str] = frozenset()


OPEN = ClosedDomains()


def domain_of(address: str) -> str:
    """The part of a mail address after its last @, in lower case; empty where there is none."""
    return address.rpartition("@")[2].lower() if "@" in address else ""


def is_expired(expires_at: datetime | None, *, now: datetime) -> bool:
    """Whether nobody wants a letter any more; at the instant itself it is too late."""
    return expires_at is not None and now >= expires_at


def step(attempts: int) -> timedelta:
    """How long to wait after attempt number `attempts` (1 is the first)."""
    return timedelta(minutes=STEPS[min(attempts, len(STEPS)) - 1])


def fate(
    outcome: SendOutcome,
    *,
    attempts: int,
    posted_at: datetime,
    now: datetime,
    expires_at: datetime | None = None,
) -> LetterTransition:
    """Decide by the outcome of attempt number `attempts` (1 is the first).

    A letter whose next attempt would come too late has had its last.
    """
    if outcome is not SendOutcome.LATER:
        return LetterTransition(FINAL[outcome])
    if now - posted_at > PATIENCE:
        return LetterTransition(LetterState.FAILED)
    due_at = now + step(attempts)
    return (
        LetterTransition(LetterState.EXPIRED)
        if is_expired(expires_at, now=due_at)
        else LetterTransition(LetterState.QUEUED, due_at)
    )


@dataclass(frozen=True, slots=True)
class ResendFacts:
    """The state of a letter that somebody wants to send again; `address` is the one that it would go to."""

    state: LetterState
    bounced: bool
    overtaken: bool
    address: str | None
    channel: Channel
    expires_at: datetime | None


def goes_again(letter: ResendFacts, *, now: datetime) -> bool:
    """Whether sending it again begins a new attempt; False while it is on its way, and once it arrived.

    Raises Refused("mending.over"), ("mending.overtaken") or ("mending.no_address").
    """
    on_its_way = letter.state in {LetterState.QUEUED, LetterState.CLAIMED}
    if on_its_way or (letter.state is LetterState.SENT and not letter.bounced):
        return False
    if is_expired(letter.expires_at, now=now):
        raise Refused("mending.over", at=letter.expires_at)
    if letter.overtaken:
        raise Refused("mending.overtaken")
    if letter.channel is Channel.MAIL and not letter.address:
        raise Refused("mending.no_address")
    return True


def check_readdressable(letter: ResendFacts) -> None:
    """Raises Refused("mending.going_now") or ("mending.arrived"): another address would change nothing."""
    if letter.state is LetterState.CLAIMED:
        raise Refused("mending.going_now")
    if letter.state is LetterState.SENT and not letter.bounced:
        raise Refused("mending.arrived")


@dataclass(frozen=True, slots=True)
class SendAllowance:
    """How many letters may be sent now, and when the next one may."""

    letters: int
    next_at: datetime


def turn(next_at: datetime | None, *, rate: int, most: int, now: datetime) -> SendAllowance:
    """Share out a rate of `rate` letters a minute; `next_at` is what the last turn left.

    Letters that could have gone in the last BURST may go at once, and yet no minute sees more
    than `rate`. A `next_at` far ahead was left by a clock that has been set back since.
    """
    apart = (MINUTE + BURST) / rate
    earliest = now - BURST
    start = earliest if next_at is None or next_at > now + MINUTE else max(next_at, earliest)
    letters = min(most, max(0, 1 + (now - start) // apart)) if start <= now else 0
    return SendAllowance(letters, start)


def after(start: SendAllowance, letters: int, *, rate: int) -> datetime:
    """When the next letter may go after so many of a turn."""
    return start.next_at + letters * ((MINUTE + BURST) / rate)


def earlier(next_at: datetime, letters: int, *, rate: int) -> datetime:
    """When the next letter may go once so many turns were given back unused."""
    return next_at - letters * ((MINUTE + BURST) / rate)
