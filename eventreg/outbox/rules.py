"""What happens to a letter after an attempt to deliver it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from eventreg.core.errors import Refused

OVERTAKEN = "overtaken"  # the reason stored with a letter whose content is out of date
SLOW = "slow"  # the reason stored with a letter that was put off because its server was silent
CLAIM = timedelta(seconds=60)  # of a claim; it is renewed while a worker sends the letter
PATIENCE = timedelta(days=5)  # RFC 5321 4.5.4.1: give up after 4 to 5 days
STEPS = (1, 2, 5, 15, 30)  # minutes between attempts; then every 30
FURTHEST = timedelta(minutes=30)  # no due instant is further in the future, unless the clock was set back
TOLERANCE = timedelta(seconds=2)  # a larger difference means that the clock was set
MINUTE = timedelta(minutes=1)
PROMPT = timedelta(seconds=5)  # a letter that waits longer for its answer stalls its worker
BURST = timedelta(seconds=5)  # unused rate of this span may be used at once


class Lane(IntEnum):
    """Lanes of letters. Sign-in codes have their own, because somebody is waiting for them.

    So do robots, so that a silent chat service does not hold up mails.
    """

    CODES = 0
    ORDINARY = 1
    ROBOTS = 2


class Channel(StrEnum):
    """How a letter is sent: by mail to one person, or by a robot to a group chat."""

    MAIL = "mail"
    ROBOT = "robot"


class LetterState(StrEnum):
    """queued → claimed → sent; back to queued for a later attempt, failed when it is final.

    An expired letter was not sent in time. A withheld letter has no address or is out of date; it stays as a record.
    """

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"
    WITHHELD = "withheld"


class SendOutcome(StrEnum):
    """The answer of the mail server (2xx, 4xx or silence, 5xx), or why the letter was not sent.

    WRITTEN: there is no mail server, and the letter was written to a file. EXPIRED: it is too late. STALE: its content is out of date.
    """

    ACCEPTED = "accepted"
    WRITTEN = "written"
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
    SendOutcome.WRITTEN: LetterState.SENT,
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
    """Recipient domains whose letters a worker of this process may not claim now.

    `closed`: no letters. `hurried`: no letters that were put off as slow, because another worker waits for this domain.
    """

    closed: frozenset[str] = frozenset()
    hurried: frozenset[str] = frozenset()


OPEN = ClosedDomains()


def domain_of(address: str) -> str:
    """The part of a mail address after its last @, in lower case; empty where there is none."""
    return address.rpartition("@")[2].lower() if "@" in address else ""


def is_expired(expires_at: datetime | None, *, now: datetime) -> bool:
    """Whether it is too late to send a letter; at the instant itself it is."""
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
    """Decide what happens to a letter after attempt number `attempts` (1 is the first).

    A letter whose next attempt would be too late is not tried again.
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
    """The state of a letter that somebody wants to send again; `address` is the new address.

    `in_file` says that it was only written to a file.
    """

    state: LetterState
    bounced: bool
    overtaken: bool
    address: str | None
    channel: Channel
    expires_at: datetime | None
    in_file: bool = False

    @property
    def arrived(self) -> bool:
        """Whether a mail server took the letter and it did not bounce."""
        return self.state is LetterState.SENT and not self.bounced and not self.in_file


def goes_again(letter: ResendFacts, *, now: datetime) -> bool:
    """Whether a letter can be sent again; False while it is being sent, and once it arrived.

    Raises Refused("mending.over"), ("mending.overtaken") or ("mending.no_address").
    """
    on_its_way = letter.state in {LetterState.QUEUED, LetterState.CLAIMED}
    if on_its_way or letter.arrived:
        return False
    if is_expired(letter.expires_at, now=now):
        raise Refused("mending.over", at=letter.expires_at)
    if letter.overtaken:
        raise Refused("mending.overtaken")
    if letter.channel is Channel.MAIL and not letter.address:
        raise Refused("mending.no_address")
    return True


def check_readdressable(letter: ResendFacts) -> None:
    """Raises Refused("mending.going_now") or ("mending.arrived") if another address would change nothing."""
    if letter.state is LetterState.CLAIMED:
        raise Refused("mending.going_now")
    if letter.arrived:
        raise Refused("mending.arrived")


@dataclass(frozen=True, slots=True)
class SendAllowance:
    """How many letters may be sent now, and when the next one may."""

    letters: int
    next_at: datetime


def turn(next_at: datetime | None, *, rate: int, most: int, now: datetime) -> SendAllowance:
    """How many letters a limit of `rate` letters a minute allows; `next_at` is the value stored by the last call.

    The unused rate of the last BURST may be used at once, but no minute has more than `rate` letters. A `next_at` far in
    the future was stored before the clock was set back.
    """
    apart = (MINUTE + BURST) / rate
    earliest = now - BURST
    start = earliest if next_at is None or next_at > now + MINUTE else max(next_at, earliest)
    letters = min(most, max(0, 1 + (now - start) // apart)) if start <= now else 0
    return SendAllowance(letters, start)


def after(start: SendAllowance, letters: int, *, rate: int) -> datetime:
    """When the next letter may be sent after so many letters of an allowance."""
    return start.next_at + letters * ((MINUTE + BURST) / rate)


def earlier(next_at: datetime, letters: int, *, rate: int) -> datetime:
    """When the next letter may be sent after so many unused letters were given back."""
    return next_at - letters * ((MINUTE + BURST) / rate)
