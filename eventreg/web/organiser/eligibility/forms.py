"""The form of who may sign up."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import partial

from flask_babel import gettext as _
from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField

from eventreg.campaigns import checks
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.inputs import EligibilityInput
from eventreg.core.errors import Refused
from eventreg.people import pasted_list
from eventreg.web.forms.plain_form import RequiredField, SometimesRequired
from eventreg.web.forms.plan_form import PlanForm, one_of

GROUP_MOST = 40
NAMED_MOST = 20


class Whom(StrEnum):
    """Everybody, some of the roster, or the people of a list."""

    ALL = "all"
    SOME = "some"
    LIST = "list"


class EligibilityForm(PlanForm):
    """Who may sign up; `people` are staff numbers."""

    whom = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    gender = RadioField(choices=[], validate_choice=False)
    units = SelectMultipleField(choices=[], validate_choice=False)
    people = TextAreaField(validators=[SometimesRequired()], render_kw={"rows": 6, "autocomplete": "off"})
    one_of = StringField(render_kw={"maxlength": GROUP_MOST, "list": "groups", "autocomplete": "off"})

    def read(self) -> tuple[EligibilityInput, str | None]:
        """Who may sign up, and the group; meaningless if a field has an error."""
        whom = self.take("whom", partial(one_of, known=dict.fromkeys(map(str, Whom))), str(Whom.ALL))
        group = self.take("one_of", partial(checks.line, most=GROUP_MOST, required=False), "") or None
        if whom == Whom.SOME:
            return self._some(), group
        return (self._listed() if whom == Whom.LIST else EligibilityInput()), group

    def _some(self) -> EligibilityInput:
        known = {value for value, _label in self.units.choices or ()}
        units = frozenset(int(one) for one in self.units.data or () if one in known)
        gender = self.gender.data if self.gender.data in {"female", "male"} else None
        if not units and gender is None:
            self.say("gender", "plan.nobody_chosen")
        return EligibilityInput(gender, units)

    def _listed(self) -> EligibilityInput:
        try:
            found = pasted_list.read(self.people.data or "")
        except Refused as refused:
            self.say("people", refused.code, **refused.facts)
            return EligibilityInput()
        if found.has_faults:
            faults = {"unknown": found.unknown, "left": found.left, "twice": found.twice}
            self.say("people", "people.list_faults", **{k: v[:NAMED_MOST] for k, v in faults.items()})
        elif not found.person_ids:
            self.say("people", "people.list_empty")
        return EligibilityInput(person_ids=frozenset(found.person_ids))


def eligibility_form(
    campaign: CampaignFacts, units: Sequence[tuple[int, str]], listed: Sequence[str]
) -> EligibilityForm:
    """The form, filled from the campaign; `listed` are the staff numbers of its list."""
    now = campaign.eligible
    whom = Whom.LIST if now.listed else Whom.SOME if now.restricted else Whom.ALL
    form = EligibilityForm(
        data={
            "version": str(campaign.version),
            "whom": str(whom),
            "gender": now.gender or "",
            "units": [str(id_) for id_ in now.unit_ids],
            "people": "\n".join(listed),
            "one_of": campaign.one_of or "",
        }
    )
    form.whom.choices = [
        (str(Whom.ALL), _("全体职工")),
        (str(Whom.SOME), _("按性别或单位")),
        (str(Whom.LIST), _("名单上的人")),
    ]
    form.gender.choices = [("", _("男女都可以")), ("female", _("只限女职工")), ("male", _("只限男职工"))]
    form.units.choices = [(str(id_), path) for id_, path in units]
    form.word(
        ("whom", _("谁能报名"), _("其他人看得到活动，但不能报名。")),
        ("gender", _("性别"), ""),
        ("units", _("单位"), _("包括下面的班组。一个都不选，就是所有单位。")),
        ("people", _("工号"), _("一行一个，可以从表格里整列粘贴。")),
        (
            "one_of",
            _("几项只能报一项"),
            _("给这几项活动起同一个组名，例如：健康讲座场次。每人只能报其中一项。"),
        ),
    )
    return form
