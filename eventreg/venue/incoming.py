"""Scans as they arrive and as they are answered: shapes only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .rules import ScanVerdict


@dataclass(frozen=True, slots=True)
class IncomingScan:
    """One scan as it is sent: the decoded text, and the time that the sender claims.

    `typed` says whether the text was typed or read by a camera; None if the sender does not say. `device_at` and
    `sent_at` are times of the device's own clock; with them the time is corrected by ours (see `clocks.py`). `offset_ms`
    is the offset that the device knew when it scanned. `shown` is what it showed by itself: green, amber or red.
    """

    nonce: str
    text: str
    check_point: str
    scanned_at: datetime
    typed: bool | None = None
    device_at: datetime | None = None
    sent_at: datetime | None = None
    offset_ms: int | None = None
    shown: str | None = None


@dataclass(frozen=True, slots=True)
class Scanner:
    """The sender of scans: a device row, and the campaign it scans for; None for another system, which scans for all.

    `offset_ms` is how much later our clock is known to be than the sender's.
    """

    device_id: int
    campaign_id: int | None
    offset_ms: int | None = None


@dataclass(frozen=True, slots=True)
class ScanResult:
    """The result of one scan. `first_at` is when this ticket was first admitted at the check point."""

    nonce: str
    verdict: ScanVerdict
    reason: str | None
    first_at: datetime | None
    registration_id: int | None


@dataclass(frozen=True, slots=True)
class TicketLookup:
    """The hash that a ticket is looked up by: that of a token or, for a code typed on a campaign's phone, of a short code.

    `fault` is the refusal code of a typed text that can be no short code.
    """

    hash: bytes
    typed: bool
    fault: str | None = None
