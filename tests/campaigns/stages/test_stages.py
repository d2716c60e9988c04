"""What does not fit in an award's timetable is said, whatever the year, and a copy keeps working days."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from eventreg.campaigns.stages.rules import StageCode, StageDays, Timetable, check_days, remarks
from eventreg.core.errors import Refused
from eventreg.core.working_days import service
from eventreg.core.working_days.rules import WorkCalendar

CLOSES = date(2026, 2, 26)
FITS: Timetable = {
    StageCode.SCREEN: StageDays(date(2026, 2, 27), date(2026, 2, 27)),
    StageCode.NOTICE: StageDays(date(2026, 2, 28), date(2026, 3, 5)),
    StageCode.CEREMONY: StageDays(date(2026, 3, 6), date(2026, 3, 6)),
}


@pytest.fixture
def calendar(sqlite_app: Flask) -> WorkCalendar:
    with sqlite_app.app_context():
        return service.calendar()


def told(timetable: Timetable, calendar: WorkCalendar) -> list[tuple[str, str]]:
    return [(str(r.stage), r.code) for r in remarks(timetable, closes_on=CLOSES, calendar=calendar)]


def test_the_plan_fits_in_2026_because_the_28th_is_worked(calendar: WorkCalendar) -> None:
    saturday = date(2026, 2, 28)
    without = WorkCalendar({d: w for d, w in calendar.days.items() if d != saturday}, calendar.years)

    assert told(FITS, calendar) == []
    assert told(FITS, without) == [("notice", "notice_short")]


@pytest.mark.parametrize(
    ("stage", "first", "last", "code"),
    [
        (StageCode.SCREEN, date(2026, 2, 26), date(2026, 2, 27), "before_the_deadline"),
        (StageCode.NOTICE, date(2026, 3, 3), date(2026, 3, 5), "notice_short"),
        (StageCode.CEREMONY, date(2026, 3, 5), date(2026, 3, 5), "notice_not_over"),
        (StageCode.CEREMONY, date(2026, 2, 27), date(2026, 2, 27), "before_the_former"),
        (StageCode.JUDGE, date(2026, 3, 1), date(2026, 3, 1), "no_working_day"),
    ],
)
def test_what_does_not_fit_is_said_at_its_stage(
    stage: StageCode, first: date, last: date, code: str, calendar: WorkCalendar
) -> None:
    found = told({**FITS, stage: StageDays(first, last)}, calendar)

    assert (str(stage), code) in found


def test_a_year_that_is_not_announced_is_named_once(calendar: WorkCalendar) -> None:
    later = {
        stage: StageDays(days.starts_on.replace(year=2028), days.ends_on.replace(year=2028))
        for stage, days in FITS.items()
    }

    assert [code for _stage, code in told(later, calendar)].count("year_unknown") == 1


def test_a_stage_that_ends_before_it_begins_is_refused_at_its_field() -> None:
    with pytest.raises(Refused, match="stage.ends_first") as refused:
        check_days(StageCode.JUDGE, StageDays(date(2026, 3, 2), date(2026, 3, 1)))

    assert refused.value.facts["field"] == "judge_last"
