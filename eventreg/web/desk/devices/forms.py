"""The form that invites a phone."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from wtforms import (
    RadioField,
    StringField,
)

from eventreg.campaigns.check_points.rules import CheckPointFacts
from eventreg.venue.rules import DOOR_NAME_MOST
from eventreg.web.forms.plain_form import PlainForm, RequiredField
from eventreg.words import venue_words


class DeviceForm(PlainForm):
    """A phone at a check point."""

    door = StringField(validators=[RequiredField()], render_kw={"maxlength": DOOR_NAME_MOST})
    check_point = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)


def device_form(check_points: Sequence[CheckPointFacts], *, blank: bool = False) -> DeviceForm:
    """The form in the reader's language; blank after a phone was invited."""
    form = DeviceForm(formdata=None) if blank else DeviceForm()
    form.door.label.text, form.door.description = _("放在哪里"), _("扫码时显示，例如：景区东门")
    form.check_point.label.text = _("签到点")
    form.check_point.choices = [(p.code, venue_words.point(p.code, p.name)) for p in check_points]
    form.check_point.data = form.check_point.data or check_points[0].code
    return form
