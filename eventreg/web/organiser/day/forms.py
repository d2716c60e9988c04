"""The form that adds a check point."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import RadioField, SelectField, StringField

from eventreg.campaigns.check_points.rules import NAME_MOST
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.kinds import CheckPointRole
from eventreg.web.app.numbers import whole_number
from eventreg.web.forms.plain_form import PlainForm, RequiredField
from eventreg.words import venue_words


class CheckPointForm(PlainForm):
    """A check point: its name, what it is for, and the activity that it belongs to."""

    name = StringField(
        validators=[RequiredField()], render_kw={"maxlength": NAME_MOST, "autocomplete": "off"}
    )
    role = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    activity = SelectField(choices=[], validate_choice=False)

    def read(self) -> tuple[str, CheckPointRole, int | None]:
        """Name, role and the id of the activity, None for all; an unknown role counts as any other place."""
        known = self.role.data in list(CheckPointRole)
        role = CheckPointRole(self.role.data) if known else CheckPointRole.OTHER
        return (self.name.data or "").strip(), role, whole_number(self.activity.data) or None


def check_point_form(campaign: CampaignFacts) -> CheckPointForm:
    """The form in the reader's language."""
    form = CheckPointForm()
    form.name.label.text, form.name.description = _("签到点的名称"), _("例如：1 号车、午餐、第 7 讲")
    form.role.label.text = _("用来做什么")
    form.role.choices = [(str(role), venue_words.role(str(role))) for role in CheckPointRole]
    form.role.data = form.role.data or str(CheckPointRole.OTHER)
    form.activity.label.text = _("属于哪个环节")
    form.activity.choices = [("", _("整个活动")), *((str(a.id), a.title) for a in campaign.activities)]
    form.activity.data = form.activity.data or ""
    return form
