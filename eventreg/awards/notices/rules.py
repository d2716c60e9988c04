"""Until when a public notice runs for one name, and who comes next when a name is removed. Pure.

The first day counts where the notice was published by 09:00 of it. While an objection is looked into, the clock of that
name stands: a working day on which it stands at any hour does not count. An end that was published only moves later.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from eventreg.core.working_days.rules import WorkCalendar, works

BY = time(9)  # local time of the first day


@dataclass(frozen=True, slots=True)
class Standstill:
    """The days from the one on which an objection was received to the one on which it was dismissed, both included;
    `last` None: it is still looked into."""

    first: date
    last: date | None

    def holds(self, day: date) -> bool:
        """Whether the clock stood on that day at any hour."""
        return self.first <= day and (self.last is None or day <= self.last)


def first_day(published_at: datetime) -> date:
    """The first day that can count, from the local time of publication."""
    day = published_at.date()
    return day if published_at.time() <= BY else day + timedelta(days=1)


def notice_ends(
    first: date,
    days: int,
    calendar: WorkCalendar,
    *,
    stood: Sequence[Standstill] = (),
    published_end: date | None = None,
) -> date | None:
    """The last day of a notice of so many working days; None while the clock stands without an end.

    `first` is the first day that can count; `published_end` is the end that was told before.
    """
    if any(one.last is None for one in stood):
        return None
    day, left = first - timedelta(days=1), days
    while left:
        day += timedelta(days=1)
        left -= works(day, calendar) and not any(one.holds(day) for one in stood)
    return max(day, published_end) if published_end else day


def next_in_line(ranked: Iterable[int], taken: Collection[int]) -> int | None:
    """The best ranked nomination that is neither chosen nor removed already; None when there is nobody left."""
    return next((one for one in ranked if one not in taken), None)
