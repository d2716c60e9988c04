"""The one place that reads the time. Everything else is given `now` (law 9)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

STEP = timedelta(seconds=2)  # a larger difference from the monotonic clock means that the clock was set
SET_BACK = timedelta(minutes=1)  # tolerance for instants that are further ahead than possible


def utc_now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


def has_passed(since: datetime, span: timedelta, *, now: datetime) -> bool:
    """Whether a span has passed since an instant; an instant that far in the future was noted before the clock was set back."""
    return abs(now - since) >= span


class ClockWatch:
    """Notices that the wall clock was set, by comparing it with the monotonic clock (D27).

    APScheduler's next run is a wall time: after a step backwards it would sleep until the clock has
    caught up.
    """

    def __init__(
        self, *, wall: Callable[[], datetime] = utc_now, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self.wall, self.steady = wall, steady
        self.seen = wall(), steady()

    def stepped(self) -> timedelta | None:
        """By how much the clock was set since the last look; None when it was not."""
        before, self.seen = self.seen, (self.wall(), self.steady())
        step = self.seen[0] - before[0] - timedelta(seconds=self.seen[1] - before[1])
        return step if abs(step) > STEP else None
