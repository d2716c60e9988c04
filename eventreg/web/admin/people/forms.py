"""The forms about people: a mail address, and a role with its scope and period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from wtforms import EmailField, SelectField

from eventreg.accounts.rules import Role
from eventreg.web.forms.period_form import PeriodForm, word_period
from eventreg.web.forms.plain_form import PlainForm, RequiredField, SometimesRequired
from eventreg.words.role_words import ROLES


class EmailForm(PlainForm):
    """A person's work mail."""

    email = EmailField(render_kw={"maxlength": 254, "autocomplete": "off"})


@dataclass(frozen=True, slots=True)
class RoleRequest:
    """The chosen role, and the unit or campaign that it is for."""

    role: Role | None
    unit_id: int | None
    slug: str | None


class GrantForm(PeriodForm):
    """A role for a person."""

    role = SelectField(validators=[RequiredField()], validate_choice=False)
    unit = SelectField(validators=[SometimesRequired()], validate_choice=False)
    campaign = SelectField(validators=[SometimesRequired()], validate_choice=False)

    def wish(self) -> RoleRequest:
        """What was chosen; a value that the form does not offer counts as not chosen."""
        role, unit, slug = (self[name].data or "" for name in ("role", "unit", "campaign"))
        if role not in list(Role):
            self.say("role", "grant.no_role")
        known = {str(value) for value, *_rest in self.unit.choices or ()}
        return RoleRequest(
            Role(role) if role in list(Role) else None,
            int(unit) if unit and unit in known else None,
            slug or None,
        )


def email_form(email: str | None) -> EmailForm:
    """The form in the reader's language, with the current address."""
    form = EmailForm(data={"email": email or ""})
    form.email.label.text = _("工作邮箱")
    form.email.description = _("登录验证码和通知发到这里。留空就用打印的登录码")
    return form


def grant_form(units: Iterable[tuple[int, str]], campaigns: Iterable[tuple[str, str]]) -> GrantForm:
    """The form in the reader's language."""
    form = GrantForm()
    none = ("", _("不指定"))
    form.role.choices = [("", _("请选择")), *((str(role), ROLES[role]()) for role in Role)]
    form.unit.choices = [none, *((str(id_), path) for id_, path in units)]
    form.campaign.choices = [none, *campaigns]
    form.role.label.text = _("哪个角色")
    form.unit.label.text, form.unit.description = _("哪个单位"), _("单位联系人和部门负责人要选")
    form.campaign.label.text, form.campaign.description = (
        _("哪项活动"),
        _("评委要选；组织者不选，就自己新建活动，只看得到自己的"),
    )
    word_period(form)
    return form
