"""The field of a deadline: a local time, or the end of a day, which is stored as 00:00 of the next day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from wtforms import StringField

END_OF_DAY = "24:00"  # what the tick sends, under the name of the field itself
MIDNIGHT = "T00:00"


class DeadlineField(StringField):
    """An instant as <input type=datetime-local> sends it. With the tick, the typed day counts until its end."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the typed time; with the tick it becomes 00:00 of the next day. What is no date stays as it was typed."""
        typed = [value for value in valuelist if value != END_OF_DAY]
        if valuelist:
            self.data = typed[0] if typed else ""
        if END_OF_DAY in valuelist and (on := _day(self.data)):
            self.data = f"{on + timedelta(days=1)}{MIDNIGHT}"

    @property
    def ends_day(self) -> bool:
        """Whether the time is the end of a day."""
        return bool(self.data) and str(self.data).endswith(MIDNIGHT) and _day(self.data) is not None

    def _value(self) -> str:
        """The time as the input shows it: the end of a day is the last minute of that day, with the tick."""
        on = _day(self.data)
        return f"{on - timedelta(days=1)}T23:59" if on and self.ends_day else str(self.data or "")


def _day(typed: str | None) -> date | None:
    try:
        on = date.fromisoformat((typed or "").strip()[:10])
    except ValueError:
        return None
    return on if date.min < on < date.max else None
