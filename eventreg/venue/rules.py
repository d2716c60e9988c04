"""Whether a scanned ticket is admitted or refused, and why. Pure. "Repeated" is decided by `admissions.py:count`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from eventreg.accounts.rules import plain_code
from eventreg.core.plain_text import AROUND, identifier
from eventreg.registrations.rules import CODE_ALPHABET, CODE_LENGTH, LOOK_ALIKE, TOKEN_LENGTH

from .clocks import plausible

PAIRING_LIFE = timedelta(minutes=10)
DEVICE_LIFE = timedelta(days=30)
BATCH_MOST = 1_000
NONCE_MOST = 64
TOKEN_MOST = 2_000  # characters of decoded text; a code can hold 3 KB, a ticket's address has about 60
DOOR_NAME_MOST = 40
WRONG_CODES_AN_HOUR = (
    60  # wrong codes of one phone; with 40 bits and 20,000 tickets a right guess takes about a century
)
SEEN_EVERY = timedelta(minutes=1)
ARRIVAL = re.compile(r"arrival:([1-9][0-9]{0,5})", re.ASCII)
TICKET_ADDRESS = re.compile(r"https?://.*/t/([^/?#]*)/?(?:[?#].*)?", re.IGNORECASE | re.DOTALL)


class ScanVerdict(StrEnum):
    """The verdict on a scan; the phone shows green, amber or red."""

    ADMITTED = "admitted"
    REPEATED = "repeated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """A ticket with the facts that a scan is decided by.

    `day_only` says that its campaign has an activity without an hour that has not begun (see `beginning.py`),
    `unconfirmed` that its person was asked to confirm and has not answered.
    """

    registration_id: int
    campaign_id: int
    revoked: bool
    seated: bool
    day_only: bool = False
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class ScanDecision:
    """The verdict on one scan, with a refusal code as `reason`."""

    admit: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CodeFault:
    """Why a typed text can be no ticket code: a refusal code, its number of characters, and those that no code has."""

    reason: str
    length: int
    marks: str = ""


def find_code_fault(text: str, *, typed: bool | None) -> CodeFault | None:
    """What is wrong with the format of a typed ticket code.

    None for a well-formed code, and for what is meant as no code: an address, a token, or what a camera read. Pages of
    older versions do not say whether a text was typed (`typed` is None): there only a short text is taken for a code.
    """
    code = plain_code(text).translate(LOOK_ALIKE)
    if typed is False or not code or "/" in text or len(token_in(text)) == TOKEN_LENGTH:
        return None
    if typed is None and not (code.isascii() and len(code) <= 2 * CODE_LENGTH):
        return None
    if len(code) != CODE_LENGTH:
        return CodeFault("scan.code_short" if len(code) < CODE_LENGTH else "scan.code_long", len(code))
    marks = "".join(dict.fromkeys(mark for mark in code if mark not in CODE_ALPHABET))
    return CodeFault("scan.code_letters", len(code), marks) if marks else None


def decide(
    ticket: TicketFacts | None,
    *,
    campaign_id: int | None,
    scanned_at: datetime | None,
    now: datetime,
    known_point: bool = True,
    typed: bool = False,
    fault: str | None = None,
) -> ScanDecision:
    """Decide about one scan. The ticket is checked first: a wrong clock is reported only for a valid ticket.

    `known_point` says that the ticket's campaign has the check point, and `scanned_at` is the sender's claim, None where
    the time was corrected by our clock.

    Without a campaign (scans of another system) a ticket counts in its own campaign.

    Forged and unknown tokens are answered alike; for a `typed` short code the reason says that it was typed, and
    for what can be no code its `fault` (see `find_code_fault`). Whether the ticket was scanned before is decided by the unique row of the admission (`admissions.py:count`) and not here, because two check points may
    scan it at the same instant.
    """
    if ticket is None:
        return ScanDecision(False, fault or ("scan.unknown_code" if typed else "scan.unknown"))
    if campaign_id is not None and ticket.campaign_id != campaign_id:
        return ScanDecision(False, "scan.other_campaign")
    if ticket.revoked or not ticket.seated:
        return ScanDecision(False, "scan.cancelled")
    if not known_point:
        return ScanDecision(False, "scan.check_point")
    if scanned_at is not None and not plausible(scanned_at, now=now):
        return ScanDecision(False, "scan.clock")
    return ScanDecision(True)


def arrival_in(text: str) -> int | None:
    """The number of a registration that somebody was found by and confirmed with, in a text "arrival:17"; else None."""
    found = ARRIVAL.fullmatch(text)
    return int(found[1]) if found else None


def paused(codes: Iterable[tuple[str, bool]], *, tries: int) -> set[str]:
    """The nonces of typed codes that come after too many wrong ones; `codes` are (nonce, whether it is a ticket's), in order.

    `tries` is the number of wrong codes that this phone may type for now: more than that is guessing.
    """
    held_back = set()
    for nonce, known in codes:
        if tries <= 0:
            held_back.add(nonce)
        tries -= not known
    return held_back


def token_in(text: str) -> str:
    """The ticket's token in a decoded text: an address with /t/TOKEN, or the token alone; else "".

    The host in the address does not matter: the token proves the ticket, and the address of the product may change.
    """
    if len(text) > TOKEN_MOST:
        return ""
    plain = identifier(text).strip(AROUND)
    if "/" not in plain:
        return plain
    found = TICKET_ADDRESS.fullmatch(plain)
    return found[1] if found else ""
