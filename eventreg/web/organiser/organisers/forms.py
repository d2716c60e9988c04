"""The form that adds an organiser."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import StringField

from eventreg.web.forms.period_form import PeriodForm, word_period
from eventreg.web.forms.plain_form import RequiredField


class OrganiserForm(PeriodForm):
    """Another organiser, by staff number."""

    staff_no = StringField(
        validators=[RequiredField()],
        render_kw={"maxlength": 32, "autocomplete": "off", "autocapitalize": "none"},
    )


def organiser_form(*, blank: bool = False) -> OrganiserForm:
    """The form in the reader's language; blank after an organiser was added."""
    form = OrganiserForm(formdata=None) if blank else OrganiserForm()
    form.staff_no.label.text, form.staff_no.description = _("工号"), _("名册里的在职职工，例如 HC0001")
    word_period(form)
    return form
