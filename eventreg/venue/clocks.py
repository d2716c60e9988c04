"""When something happened, by our clock, although the device's clock may be wrong. Pure.

A device says when it scanned and when it sends, both by its own clock. However wrong that clock is, the difference of the
two is how long the scan lay on the device; we know when it arrived.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

SURE = timedelta(seconds=2)  # a clock that was not set in between differs by less: delays of a slow network
OFFSET_STEP = 250  # milliseconds: a smaller change of a known offset is not stored
CLOCK_AHEAD = timedelta(days=1)
CLOCK_BEHIND = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class CorrectedTime:
    """A time by our clock; `doubt` says that it does not decide by itself, because the clock was set in between."""

    at: datetime
    doubt: bool = False


def corrected(
    device_at: datetime, sent_at: datetime | None, received_at: datetime, *, offset_ms: int | None
) -> CorrectedTime:
    """The time of a scan by our clock: when it was received, less the time that it lay on the device.

    `offset_ms` is how much later our clock is known to be than the device's, in milliseconds. Without `sent_at`, as in a
    file, the time is corrected by that offset alone. A time that cannot be (after it was received, or more than 400
    days before) becomes the time of receipt, in doubt.
    """
    known = None if offset_ms is None else timedelta(milliseconds=offset_ms)
    if sent_at is None and known is None:
        return CorrectedTime(min(device_at, received_at), doubt=True)
    offset = known or timedelta() if sent_at is None else received_at - sent_at
    doubt = known is not None and abs(offset - known) > SURE
    try:
        at = device_at + offset
    except OverflowError:  # beyond the years that a time can have
        return CorrectedTime(received_at, doubt=True)
    if at > received_at + SURE or at < received_at - CLOCK_BEHIND:
        return CorrectedTime(received_at, doubt=True)
    return CorrectedTime(min(at, received_at), doubt)


def offset_to_keep(sent_at: datetime, received_at: datetime, *, known_ms: int | None) -> int | None:
    """The offset of a device in milliseconds that is worth storing; None if the known one is near enough."""
    offset = round((received_at - sent_at) / timedelta(milliseconds=1))
    return None if known_ms is not None and abs(offset - known_ms) < OFFSET_STEP else offset


def plausible(scanned_at: datetime, *, now: datetime) -> bool:
    """Whether the time that a sender claims is plausible: not 1970, not 2100."""
    return now - CLOCK_BEHIND <= scanned_at <= now + CLOCK_AHEAD
