"""The day and the hours of an activity in a form."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from eventreg.campaigns import checks
from eventreg.web.forms.plan_form import PlanForm


def read_times(
    form: PlanForm, zone: ZoneInfo, *, day: str = "day", starts: str = "starts", ends: str = "ends"
) -> tuple[datetime, datetime, bool]:
    """The start, the end and whether the hours are known, from the fields with these names; errors are shown at them.

    Without hours an activity lasts from midnight to midnight, and pages show no hours.
    """
    on = form.take(day, checks.day, date(2000, 1, 1))
    first, last = form.take(starts, checks.clock, None), form.take(ends, checks.end_clock, None)
    wrong = form[starts].errors or form[ends].errors
    if not wrong and first is None and last is not None:
        form.say(starts, "plan.from_missing")
    if not wrong and first is not None and last is None:
        form.say(ends, "plan.until_missing")
    midnight = datetime.combine(on, time(), zone)
    if first is None or last is None:
        return midnight, datetime.combine(on + timedelta(days=1), time(), zone), False
    begins_at = form.take(starts, lambda _typed: checks.local(on, first, zone=zone), midnight)
    ends_at = form.take(ends, lambda _typed: checks.end_of(on, first, last, zone=zone), midnight)
    return begins_at, ends_at, True
