"""The field of a deadline: a local time, or the end of a day, which is stored as 00:00 of the next day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from wtforms import StringField

MIDNIGHT = "T00:00"


class DeadlineField(StringField):
    """An instant as <input type=datetime-local> sends it. With the tick, the typed day counts until its end."""

    def process(self, formdata: Any, *args: Any, **more: Any) -> None:
        """Read the typed time; with the tick it becomes 00:00 of the next day. What is no date stays as it was typed."""
        super().process(formdata, *args, **more)  # type: ignore[no-untyped-call]
        if formdata and formdata.get(f"{self.name}-end") and (on := _day(self.data)):
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
