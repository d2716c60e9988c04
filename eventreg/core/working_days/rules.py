"""Which days are working days, and how they are counted (ADR 55). Pure.

China announces each November which days of the next year are off and which Saturdays and Sundays are worked for them
(调休). Of a year that is not announced yet only Monday to Friday is known: `known` says so, and whoever shows a day of
such a year says it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

WEEKEND = (5, 6)  # Saturday and Sunday, as `date.weekday` counts
FAR = 366  # days that are looked through for a working day; no holiday is as long


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The announced days by date, True for one that is worked, and the years that are announced completely."""

    days: Mapping[date, bool] = field(default_factory=dict)
    years: frozenset[int] = frozenset()


def works(day: date, calendar: WorkCalendar) -> bool:
    """Whether people work on that day: as announced, else from Monday to Friday."""
    return calendar.days.get(day, day.weekday() not in WEEKEND)


def known(year: int, calendar: WorkCalendar) -> bool:
    """Whether the days off of that year are announced completely."""
    return year in calendar.years


def nth(first: date, number: int, calendar: WorkCalendar) -> date:
    """The working day with that number from `first` on; `first` itself is number 1 if it is worked. `number` is at least 1."""
    day, left = first - timedelta(days=1), number
    while left:
        day += timedelta(days=1)
        left -= works(day, calendar)
    return day


def counted(first: date, last: date, calendar: WorkCalendar) -> int:
    """How many working days there are from `first` to `last`, both included; 0 when `last` is earlier."""
    return sum(works(first + timedelta(days=n), calendar) for n in range((last - first).days + 1))


def moved(day: date, *, days: int, calendar: WorkCalendar) -> date:
    """The day so many days later. Where a working day would become a day off, it is the working day before that."""
    wanted = day + timedelta(days=days)
    if not works(day, calendar):
        return wanted
    earlier = (wanted - timedelta(days=n) for n in range(FAR))
    return next(found for found in earlier if works(found, calendar))
