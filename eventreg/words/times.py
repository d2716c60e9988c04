"""Dates and times in words. Instants arrive aware, in the zone they are to be read in.

An instant in UTC comes straight from the database, which stores nothing else: it is told in the installation's zone. A
campaign in a zone of its own has its instants turned before (`astimezone(campaign.zone)`). Nothing else formats an hour: `tests/house/test_habits.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask_babel import get_timezone
from flask_babel import gettext as _

from .locale import current
from .zones import is_elsewhere, which_of_two, zone_name

D = TypeVar("D", bound=date)
WEEKDAYS = "一二三四五六日"


def day(at: date) -> str:
    """3月4日(周四), or Thu 4 March."""
    at = _here(at)
    if current() == "en":
        return format_date(at, "EEE d MMMM", locale="en")
    return f"{at.month}月{at.day}日(周{WEEKDAYS[at.weekday()]})"


def said_at(facts: Mapping[str, Any], name: str, wording: Callable[[datetime], str]) -> str:
    """An instant among a refusal's facts; one in UTC, as the database stores it, is shown in the installation's zone."""
    at = facts.get(name)
    if not isinstance(at, datetime):
        return ""
    return wording(_here(at))


def _here(at: D) -> D:
    """An instant as it is to be read: one in UTC in the installation's zone. Days and other instants stay as they are."""
    if isinstance(at, datetime) and at.tzinfo is UTC:
        return at.astimezone(ZoneInfo(str(get_timezone())))
    return at


def clock(at: datetime) -> str:
    """09:00; an hour that comes twice on that day says which of the two it is."""
    at = _here(at)
    return f"{at:%H:%M}{which_of_two(at)}"


def to_second(at: datetime) -> str:
    """09:00:05, for what is timed."""
    return f"{_here(at):%H:%M:%S}"


def sortable(at: datetime) -> str:
    """2027-03-04 09:00:05, for a column of a spreadsheet."""
    return f"{_here(at):%Y-%m-%d %H:%M:%S}"


def moment(at: datetime) -> str:
    """3月4日(周四) 09:00, or Thu 4 March, 09:00; with its zone where that is not the reader's own."""
    at = _here(at)
    return f"{_on_the_clock(at)} ({zone_name(at)})" if is_elsewhere(at) else _on_the_clock(at)


def deadline(at: datetime) -> str:
    """Like `moment`, but a midnight is the end of the day before: 2月26日(周五) 24:00.

    English always says the zone: its readers may be elsewhere.
    """
    return (
        f"{deadline_day(at)}, {deadline_clock(at)}"
        if current() == "en"
        else f"{deadline_day(at)} {deadline_clock(at)}"
    )


def deadline_day(at: datetime) -> str:
    """The day of a deadline: at a midnight, the day that ends."""
    at = _here(at)
    return day(at - timedelta(days=1)) if _is_midnight(at) else day(at)


def deadline_clock(at: datetime) -> str:
    """The hour of a deadline, with its zone as in `deadline`."""
    at = _here(at)
    said = f"24:00{which_of_two(at)}" if _is_midnight(at) else clock(at)
    return f"{said} ({zone_name(at)})" if current() == "en" or is_elsewhere(at) else said


def _is_midnight(at: datetime) -> bool:
    return (at.hour, at.minute, at.second) == (0, 0, 0)


def _on_the_clock(at: datetime) -> str:
    return f"{day(at)}, {clock(at)}" if current() == "en" else f"{day(at)} {clock(at)}"


def start(at: datetime, *, time_known: bool) -> str:
    """When something starts; only the day while the hour is not settled."""
    return moment(at) if time_known else _("%(day)s，时间另行通知", day=day(at))


def date_full(at: date) -> str:
    """2027年6月30日, or 30 June 2027."""
    at = _here(at)
    if current() == "en":
        return format_date(at, "d MMMM y", locale="en")
    return f"{at.year}年{at.month}月{at.day}日"


def date_typed(typed: str) -> str:
    """A day as a form sends it, in full; what is no such day stays as it was typed."""
    try:
        return date_full(date.fromisoformat(typed))
    except ValueError:
        return typed


def moment_full(at: datetime) -> str:
    """2027年3月4日 09:00, or 4 March 2027, 09:00: for what may lie in another year."""
    at = _here(at)
    said = f"{date_full(at)}, {clock(at)}" if current() == "en" else f"{date_full(at)} {clock(at)}"
    return f"{said} ({zone_name(at)})" if is_elsewhere(at) else said


def ordinal(number: int) -> str:
    """3, or 3rd in English."""
    if current() != "en":
        return str(number)
    last = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{last}"
