"""A form with a period of days."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import StringField

from eventreg.campaigns import checks
from eventreg.core.errors import Refused
from eventreg.web.app import current

from .plain_form import PlainForm

DAY = {"type": "date", "maxlength": 10}


class PeriodForm(PlainForm):
    """A period of days; blank fields mean from now and without end."""

    since = StringField(render_kw=DAY)
    until = StringField(render_kw=DAY)

    def period(self) -> tuple[datetime | None, datetime | None]:
        """The first instant of the first day and the first instant after the last; errors are shown at their fields."""
        since, last = self._day("since"), self._day("until")
        return since, last + timedelta(days=1) if last else None

    def _day(self, field: str) -> datetime | None:
        typed = (self[field].data or "").strip()
        if not typed:
            return None
        try:
            day = checks.day(typed)
        except Refused:
            self.say(field, "grant.date_form")
            return None
        return datetime.combine(day, time(), ZoneInfo(current.settings().timezone))


def word_period(form: PeriodForm) -> None:
    form.since.label.text, form.since.description = _("从哪天起"), _("留空就从现在起")
    form.until.label.text, form.until.description = _("到哪天为止"), _("含这一天。留空就一直有效")
