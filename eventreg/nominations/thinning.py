"""Which versions of a nomination are kept. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta


def superfluous(saved: Sequence[tuple[int, datetime]], *, keep: Collection[int], now: datetime) -> list[int]:
    """Which versions go: of the newest twenty none, of the last day one in ten minutes stays, of before
    one a day; each the last of its span. `keep` are numbers that stay whatever their age."""
    spans: dict[object, int] = {}
    gone = []
    for n, (number, at) in enumerate(sorted(saved, reverse=True)):
        recent = now - at < timedelta(days=1)
        span = int(at.timestamp()) // 600 if recent else at.date()
        if n >= 20 and span in spans and number not in keep:
            gone.append(number)
        spans.setdefault(span, number)
    return gone
