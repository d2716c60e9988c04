"""The form that makes a screen."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from wtforms import RadioField, SelectField, SelectMultipleField, StringField
from wtforms.widgets import CheckboxInput, ListWidget

from eventreg.campaigns.check_points.rules import CheckPointFacts
from eventreg.venue.screens.rules import NAME_MOST, ScreenNames, Widget
from eventreg.venue.screens.service import NewScreen
from eventreg.web.forms.plain_form import PlainForm, RequiredField
from eventreg.words import venue_words
from eventreg.words.day import screen_words

NO_WALL = ""


class ScreenForm(PlainForm):
    """A screen: what it shows, how it names people, and whether people come in by the code on it."""

    name = StringField(validators=[RequiredField()], render_kw={"maxlength": NAME_MOST})
    widgets = SelectMultipleField(
        validators=[RequiredField()],
        choices=[],
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    names = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    check_point = SelectField(choices=[], validate_choice=False)

    def read(self) -> NewScreen:
        """The screen that is asked for; unknown choices are left out."""
        chosen = self.widgets.data or []
        full = self.names.data == str(ScreenNames.FULL)
        return NewScreen(
            (self.name.data or "").strip(),
            tuple(widget for widget in Widget if str(widget) in chosen),
            ScreenNames.FULL if full else ScreenNames.MASKED,
            self.check_point.data or None,
        )


def screen_form(points: Sequence[CheckPointFacts], *, blank: bool = False) -> ScreenForm:
    """The form in the reader's language; blank after a screen was made."""
    form = ScreenForm(formdata=None) if blank else ScreenForm()
    form.name.label.text, form.name.description = _("放在哪里"), _("例如：东门、草坪大屏")
    form.widgets.label.text = _("轮流显示")
    form.widgets.choices = [(str(widget), screen_words.widget(str(widget))) for widget in Widget]
    form.names.label.text = _("姓名")
    form.names.choices = [
        (str(ScreenNames.MASKED), _("只显示一部分，例如“王*芳”")),
        (str(ScreenNames.FULL), _("显示全名，要先在活动说明里勾选，只对此后报名的人")),
    ]
    form.names.data = form.names.data or str(ScreenNames.MASKED)
    form.check_point.label.text = _("扫屏幕签到")
    form.check_point.description = _(
        "屏幕上显示每 30 秒换一次的二维码，来的人用自己的手机扫，登录后按一下就签到"
    )
    form.check_point.choices = [
        (NO_WALL, _("不用")),
        *((p.code, venue_words.point(p.code, p.name)) for p in points),
    ]
    form.check_point.data = form.check_point.data or NO_WALL
    if form.widgets.data is None or not form.is_submitted():
        form.widgets.data = [str(Widget.ARRIVALS)]
    return form
