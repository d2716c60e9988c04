"""Which saved versions of a nomination are deleted. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta


def versions_to_prune(
    saved: Sequence[tuple[int, datetime]], *, keep: Collection[int], now: datetime
) -> list[int]:
    """The numbers of the versions to delete, newest first; `saved` holds numbers and times.

    The newest twenty stay. Of older ones the last of each ten minutes stays for a day, then the last of each day.
    Numbers in `keep` always stay.
    """
    spans: dict[object, int] = {}
    gone = []
    for n, (number, at) in enumerate(sorted(saved, reverse=True)):
        recent = now - at < timedelta(days=1)
        span = int(at.timestamp()) // 600 if recent else at.date()
        if n >= 20 and span in spans and number not in keep:
            gone.append(number)
        spans.setdefault(span, number)
    return gone
