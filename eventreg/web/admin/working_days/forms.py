"""The form of a year's working days."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import BooleanField, HiddenField, TextAreaField

from eventreg.core.working_days.reading import ReadDays, as_lines, read_days
from eventreg.core.working_days.service import YearFacts
from eventreg.web.forms.plain_form import PlainForm

MOST = 8_000  # characters of the text


class YearForm(PlainForm):
    """The days of a year as text, and whether they are all."""

    days = TextAreaField(render_kw={"rows": 16, "maxlength": MOST, "spellcheck": "false"})
    complete = BooleanField()
    version = HiddenField()

    def read(self, year: int) -> ReadDays:
        """The days; what is not understood is an error at the field, and so is a text that is too long."""
        typed = self.days.data or ""
        if len(typed) > MOST:
            self.say("days", "typed.too_long", most=MOST, length=len(typed))
            return ReadDays((), ())
        read = read_days(typed, year=year)
        if read.unread:
            self.say("days", "calendar_day.unread", line=read.unread[0][:60], n=len(read.unread), year=year)
        return read


def year_form(year: YearFacts) -> YearForm:
    """The form, filled with the days as they are."""
    known = {"days": as_lines(year.days), "complete": year.complete, "version": year.version}
    form = YearForm(data=known)
    form.days.label.text = _("放假和调休上班的日子")
    form.days.description = _(
        "每行一天，例如：2027-02-06 休 春节、2027-02-20 班 春节。也可以把国务院办公厅的放假通知整段贴在这里。"
    )
    form.complete.label.text = _("这一年的放假安排已经公布，上面是全部")
    return form
