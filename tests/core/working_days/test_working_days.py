"""Working days are counted as announced, and a year that is not announced says so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.core.working_days import service
from eventreg.core.working_days.reading import NamedDay
from eventreg.core.working_days.rules import WorkCalendar, counted, known, moved, nth, works
from tests.rig.actors import acting
from tests.rig.cast import NOW

WEEKDAYS_ONLY = WorkCalendar()


@pytest.fixture
def calendar(app: Flask) -> WorkCalendar:
    """The days that come with the product."""
    with app.app_context():
        return service.calendar()


def without(calendar: WorkCalendar, day: date) -> WorkCalendar:
    """The calendar without what was announced for that day."""
    return WorkCalendar({d: w for d, w in calendar.days.items() if d != day}, calendar.years)


# Public notice of five working days, the first counted, over by the ceremony of 6 March, 09:00; the deadline is the
# 26th of February, 24:00: how many working days are left for the review, None where the notice does not fit at all.
LEFT = {2024: 1, 2025: 0, 2026: 1, 2027: 0, 2028: 0, 2029: 0, 2030: 0, 2031: 0}


def left_for_review(year: int, calendar: WorkCalendar, *, deadline: int = 26) -> int | None:
    """The most working days after the deadline before a notice that ends on 5 March at the latest."""
    first = date(year, 2, deadline) + timedelta(days=1)
    fits = [
        start
        for n in range(14)
        if works(start := first + timedelta(days=n), calendar) and nth(start, 5, calendar) <= date(year, 3, 5)
    ]
    return counted(first, fits[-1] - timedelta(days=1), calendar) if fits else None


@pytest.mark.parametrize("year", LEFT)
def test_days_left_for_the_review_are_those_of_the_plan(year: int, calendar: WorkCalendar) -> None:
    assert left_for_review(year, calendar) == LEFT[year]


def test_where_the_27th_counts_the_notice_does_not_fit_in_four_years(calendar: WorkCalendar) -> None:
    fits = [year for year in LEFT if left_for_review(year, calendar, deadline=27) is None]

    assert fits == [2025, 2029, 2030, 2031]


def test_the_28th_of_february_2026_is_worked(calendar: WorkCalendar) -> None:
    saturday = date(2026, 2, 28)

    assert works(saturday, calendar)
    assert not works(saturday, without(calendar, saturday))
    assert nth(date(2026, 2, 27), 5, calendar) == date(2026, 3, 4)
    assert nth(date(2026, 2, 27), 5, without(calendar, saturday)) == date(2026, 3, 5)


def test_the_first_day_counts_only_if_it_is_worked() -> None:
    assert nth(date(2027, 3, 5), 1, WEEKDAYS_ONLY) == date(2027, 3, 5)
    assert nth(date(2027, 3, 6), 1, WEEKDAYS_ONLY) == date(2027, 3, 8)
    assert nth(date(2027, 3, 6), 2, WEEKDAYS_ONLY) == date(2027, 3, 9)


def test_counting_includes_both_ends_and_nothing_backwards() -> None:
    assert counted(date(2027, 3, 5), date(2027, 3, 8), WEEKDAYS_ONLY) == 2
    assert counted(date(2027, 3, 8), date(2027, 3, 5), WEEKDAYS_ONLY) == 0


def test_a_working_day_moves_to_a_working_day_and_a_day_off_as_it_is() -> None:
    assert moved(date(2027, 3, 5), days=1, calendar=WEEKDAYS_ONLY) == date(2027, 3, 5)
    assert moved(date(2027, 3, 5), days=3, calendar=WEEKDAYS_ONLY) == date(2027, 3, 8)
    assert moved(date(2027, 3, 6), days=1, calendar=WEEKDAYS_ONLY) == date(2027, 3, 7)


def test_only_announced_years_are_known(calendar: WorkCalendar) -> None:
    assert [year for year in range(2024, 2032) if known(year, calendar)] == [2024, 2025, 2026]


def test_a_year_that_staff_saved_replaces_the_one_of_the_product(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        seen = service.year_facts(2026)
        assert not seen.version
        assert service.save_year(2026, seen.days[:1], complete=False, seen="", actor=acting("test", NOW))
    with app.app_context():
        found = service.calendar()
        assert not known(2026, found)
        assert not works(date(2026, 2, 28), found)
        assert not works(date(2026, 1, 1), found)
        assert service.year_facts(2026).days == seen.days[:1]


def test_a_form_of_before_is_refused_and_the_same_again_changes_nothing(app: Flask) -> None:
    days = (NamedDay(date(2027, 2, 6), False, "春节"),)
    with app.app_context(), unit_of_work():
        assert service.save_year(2027, days, complete=True, seen="", actor=acting("test", NOW))
    with app.app_context():
        with pytest.raises(Refused, match="calendar_day.changed_meanwhile"), unit_of_work():
            service.save_year(2027, (), complete=True, seen="", actor=acting("test", NOW))
        with unit_of_work():
            seen = service.year_facts(2027).version
            assert not service.save_year(2027, days, complete=True, seen=seen, actor=acting("test", NOW))
        assert 2027 in service.years_listed()
