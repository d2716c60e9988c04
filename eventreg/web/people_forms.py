"""The forms about people: what may be corrected by hand, a role with its scope and period, a roster file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import EmailField, FileField, RadioField, SelectField, StringField, TelField

from eventreg.accounts.rules import Role
from eventreg.campaigns import checks
from eventreg.core.errors import Refused
from eventreg.words.roles import ROLES

from . import current
from .forms import PlainForm, RequiredField

DAY = {"type": "date", "maxlength": 10}


class EmailForm(PlainForm):
    """A person's work mail."""

    email = EmailField(render_kw={"maxlength": 254, "autocomplete": "off"})


class PhoneForm(PlainForm):
    """One's own telephone."""

    phone = TelField(render_kw={"maxlength": 20})


class PeriodForm(PlainForm):
    """From when until when something holds; blanks are from now, for good."""

    since = StringField(render_kw=DAY)
    until = StringField(render_kw=DAY)

    def period(self) -> tuple[datetime | None, datetime | None]:
        """The first instant and the first one after the last day; what is wrong is said at its field."""
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


@dataclass(frozen=True, slots=True)
class RoleRequest:
    """The role asked for, and the unit or campaign that it is for."""

    role: Role | None
    unit_id: int | None
    slug: str | None


class GrantForm(PeriodForm):
    """A role for a person."""

    role = SelectField(validators=[RequiredField()], validate_choice=False)
    unit = SelectField(validate_choice=False)
    campaign = SelectField(validate_choice=False)

    def wish(self) -> RoleRequest:
        """What was chosen; what none of our forms sends counts as not chosen."""
        role, unit, slug = (self[name].data or "" for name in ("role", "unit", "campaign"))
        if role not in list(Role):
            self.say("role", "grant.no_role")
        known = {str(value) for value, *_rest in self.unit.choices or ()}
        return RoleRequest(
            Role(role) if role in list(Role) else None,
            int(unit) if unit and unit in known else None,
            slug or None,
        )


class OrganiserForm(PeriodForm):
    """One more organiser of a campaign, by staff number."""

    staff_no = StringField(
        validators=[RequiredField()],
        render_kw={"maxlength": 32, "autocomplete": "off", "autocapitalize": "none"},
    )


class RosterForm(PlainForm):
    """A roster file, and whether it is the whole roster."""

    file = FileField(validators=[RequiredField()], render_kw={"accept": ".xlsx,.csv"})
    whole = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)


def email_form(email: str | None) -> EmailForm:
    """Worded in the reader's language, with the address that there is."""
    form = EmailForm(data={"email": email or ""})
    form.email.label.text = _("工作邮箱")
    form.email.description = _("登录验证码和通知发到这里。留空就用打印的登录码")
    return form


def phone_form(phone: str | None) -> PhoneForm:
    """Worded in the reader's language, with the number that there is."""
    form = PhoneForm(data={"phone": phone or ""})
    form.phone.label.text = _("手机号")
    form.phone.description = _("11 位手机号或带区号的座机。下次导入名册时，以名册为准")
    return form


def grant_form(units: Iterable[tuple[int, str]], campaigns: Iterable[tuple[str, str]]) -> GrantForm:
    """Worded in the reader's language."""
    form = GrantForm()
    none = ("", _("不限"))
    form.role.choices = [("", _("请选择")), *((str(role), ROLES[role]()) for role in Role)]
    form.unit.choices = [none, *((str(id_), path) for id_, path in units)]
    form.campaign.choices = [none, *campaigns]
    form.role.label.text = _("哪个角色")
    form.unit.label.text, form.unit.description = _("哪个单位"), _("单位联系人和部门负责人要选")
    form.campaign.label.text, form.campaign.description = _("哪项活动"), _("组织者和评委要选")
    _word_period(form)
    return form


def organiser_form(*, blank: bool = False) -> OrganiserForm:
    """Worded in the reader's language; blank after somebody was named."""
    form = OrganiserForm(formdata=None) if blank else OrganiserForm()
    form.staff_no.label.text, form.staff_no.description = _("工号"), _("名册里的在职职工，例如 HC0001")
    _word_period(form)
    return form


def roster_form() -> RosterForm:
    """Worded in the reader's language; a file adds and changes unless it is said to be the whole roster."""
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


def _word_period(form: PeriodForm) -> None:
    form.since.label.text, form.since.description = _("从哪天起"), _("留空就从现在起")
    form.until.label.text, form.until.description = _("到哪天为止"), _("含这一天。留空就一直有效")
