"""The form that uploads a roster file."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import FileField, RadioField

from eventreg.core.plain_text import identifier
from eventreg.web.app.numbers import whole_number
from eventreg.web.forms.plain_form import PlainForm, RequiredField


class RosterForm(PlainForm):
    """A roster file, and whether it is the whole roster."""

    file = FileField(validators=[RequiredField()], render_kw={"accept": ".xlsx,.csv"})
    whole = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)


def typed_number(text: str) -> int | None:
    """A number of people as it was typed, also in full width and with 人 behind it; None if it is none."""
    return whole_number(identifier(text).removesuffix("人").strip()) or None


def roster_form() -> RosterForm:
    """The form in the reader's language; a file adds and changes people unless it is marked as the whole roster."""
    form = RosterForm()
    form.file.label.text = _("名册文件")
    form.file.description = _(".xlsx 或 .csv，最大 20 MB，最多 50000 人")
    form.whole.label.text = _("文件里是")
    form.whole.choices = [
        ("part", _("一部分职工，文件里没有的人保持原样")),
        ("whole", _("全部职工，文件里没有的人记为离职")),
    ]
    form.whole.data = form.whole.data if form.whole.data in {"part", "whole"} else "part"
    return form
