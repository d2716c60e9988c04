"""Until when a notice runs: working days, the first one counted, days on which the clock stood left out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from eventreg.awards.notices.rules import Standstill, first_day, next_in_line, notice_ends
from eventreg.core.working_days import service
from eventreg.core.working_days.rules import WorkCalendar, works


@pytest.fixture
def calendar(sqlite_app: Flask) -> WorkCalendar:
    with sqlite_app.app_context():
        return service.calendar()


def march(day: int) -> date:
    return date(2026, 3, day)


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 3, 4, hour, minute, second, tzinfo=ZoneInfo("Asia/Shanghai"))


SATURDAY = date(2026, 2, 28)


def test_the_notice_of_the_plan_ends_before_the_ceremony(calendar: WorkCalendar) -> None:
    without = WorkCalendar({d: w for d, w in calendar.days.items() if d != SATURDAY}, calendar.years)

    assert notice_ends(SATURDAY, 5, calendar) == march(5)
    assert notice_ends(SATURDAY, 5, without) == march(6)


def test_the_first_day_counts_where_it_was_published_by_nine() -> None:
    assert first_day(at(9)) == march(4)
    assert first_day(at(9, 0, 1)) == march(5)


def test_her_line_stands_while_the_objection_is_looked_into(calendar: WorkCalendar) -> None:
    dismissed = (Standstill(march(3), march(4)),)

    assert notice_ends(SATURDAY, 5, calendar, stood=dismissed) == march(9)
    assert notice_ends(SATURDAY, 5, calendar, stood=(Standstill(march(3), None),)) is None


def test_the_eleventh_who_is_published_on_the_fourth_ends_on_the_tenth(calendar: WorkCalendar) -> None:
    assert notice_ends(first_day(at(8, 30)), 5, calendar) == march(10)


def test_a_published_end_only_moves_later(calendar: WorkCalendar) -> None:
    without = WorkCalendar({d: w for d, w in calendar.days.items() if d != SATURDAY}, calendar.years)

    assert notice_ends(SATURDAY, 5, calendar, published_end=march(6)) == march(6)
    assert notice_ends(SATURDAY, 5, without, published_end=march(5)) == march(6)


@given(
    st.integers(0, 30),
    st.integers(1, 10),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5)), max_size=4),
)
def test_exactly_so_many_days_count_and_no_standstill_among_them(
    start: int, days: int, stops: list[tuple[int, int]]
) -> None:
    first, plain = march(1) + timedelta(days=start), WorkCalendar()
    stood = [Standstill(march(1) + timedelta(days=a), march(1) + timedelta(days=a + n)) for a, n in stops]
    end = notice_ends(first, days, plain, stood=stood)

    assert end is not None
    span = [first + timedelta(days=n) for n in range((end - first).days + 1)]
    counted = [day for day in span if works(day, plain) and not any(s.holds(day) for s in stood)]
    assert len(counted) == days
    assert counted[-1] == end


def test_the_next_in_line_is_the_best_who_is_not_taken() -> None:
    assert next_in_line([3, 1, 2], {3}) == 1
    assert next_in_line([3, 1], {1, 3}) is None
