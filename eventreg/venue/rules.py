"""What a scan means: in, already in, or not. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

PAIRING_LIFE = timedelta(minutes=10)
DEVICE_LIFE = timedelta(days=30)
BATCH_MOST = 1_000
NONCE_MOST = 64
TOKEN_MOST = 2_000  # characters of decoded text; a code can hold 3 KB, a ticket's address has about 60
DOOR_NAME_MOST = 40
WRONG_CODES_AN_HOUR = 60  # a phone; at 40 bits and 20,000 tickets a hit takes about a century
SEEN_EVERY = timedelta(minutes=1)
CLOCK_AHEAD = timedelta(days=1)
CLOCK_BEHIND = timedelta(days=400)


class ScanVerdict(StrEnum):
    """What the phone shows: green, amber, red."""

    ADMITTED = "admitted"
    REPEATED = "repeated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """A ticket as the door sees it."""

    registration_id: int
    campaign_id: int
    revoked: bool
    seated: bool


@dataclass(frozen=True, slots=True)
class ScanDecision:
    """Whether a ticket is let in at this check point; `reason` is a refusal code."""

    admit: bool
    reason: str | None = None


def decide(
    ticket: TicketFacts | None,
    *,
    campaign_id: int | None,
    scanned_at: datetime,
    now: datetime,
    typed: bool = False,
) -> ScanDecision:
    """Look at the ticket first: an impossible clock refuses nobody who has none.

    Without a campaign (another system's gates) a ticket counts in its own.

    A forged and an unknown token answer alike; a `typed` short code is said to be one. What was scanned before is decided by the count's
    unique row, not here: two doors may ask at the same instant.
    """
    if ticket is None:
        return ScanDecision(False, "scan.unknown_code" if typed else "scan.unknown")
    if campaign_id is not None and ticket.campaign_id != campaign_id:
        return ScanDecision(False, "scan.other_campaign")
    if ticket.revoked or not ticket.seated:
        return ScanDecision(False, "scan.cancelled")
    if not plausible(scanned_at, now=now):
        return ScanDecision(False, "scan.clock")
    return ScanDecision(True)


def plausible(scanned_at: datetime, *, now: datetime) -> bool:
    """Whether a phone's clock can be meant: not from 1970, not from 2100."""
    return now - CLOCK_BEHIND <= scanned_at <= now + CLOCK_AHEAD


def paused(codes: Iterable[tuple[str, bool]], *, tries: int) -> set[str]:
    """Of typed codes (nonce, whether there is such a ticket), in order, those after too many wrong ones.

    `tries` wrong ones are left to this phone for now: so much typing is no door, it is guessing.
    """
    held_back = set()
    for nonce, known in codes:
        if tries <= 0:
            held_back.add(nonce)
        tries -= not known
    return held_back


def token_in(text: str) -> str:
    """The ticket's token in a decoded text: an address with /t/TOKEN, or the token alone; else "".

    Whatever host it was printed for: the token proves the ticket, and a host's address may change.
    """
    plain = text.strip()
    if len(plain) > TOKEN_MOST:
        return ""
    if "/" not in plain:
        return plain
    address, _, token = plain.rpartition("/t/")
    return re.split("[?#]", token)[0] if address.startswith(("http://", "https://")) else ""
