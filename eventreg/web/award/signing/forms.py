"""The forms of heads (code, reason for returning, delegate) and of nominees."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from wtforms import HiddenField, SelectField, StringField, TextAreaField

from eventreg.nominations.signing.rules import CORRECTION_MOST
from eventreg.nominations.signing.signatures import NominationToSign, SeenVersion
from eventreg.web.app.numbers import whole_number
from eventreg.web.employee.account.forms import CodeForm
from eventreg.web.forms.period_form import DAY, PeriodForm
from eventreg.web.forms.plain_form import PlainForm, RequiredField


class SeenForm(PlainForm):
    """A form with the version of the nomination that its page showed."""

    version = HiddenField()
    digest = HiddenField()

    @property
    def seen(self) -> SeenVersion:
        """The version that the page showed; 0, which no version has, if none was sent."""
        return SeenVersion(whole_number(self.version.data), (self.digest.data or "")[:64])

    def show(self, paper: NominationToSign) -> None:
        """Set the version that the page shows now."""
        self.version.data, self.digest.data = str(paper.saved.number), paper.digest


class SignForm(SeenForm, CodeForm):
    """The code sent by mail."""


class ReturnForm(SeenForm):
    """The reason for returning a nomination."""

    reason = TextAreaField(validators=[RequiredField()], render_kw={"rows": 4})


class DelegateForm(PeriodForm):
    """A delegate, for one of the head's units."""

    staff_no = StringField(
        validators=[RequiredField()],
        render_kw={"maxlength": 32, "autocomplete": "off", "autocapitalize": "none"},
    )
    unit = SelectField(validators=[RequiredField()], choices=[], validate_choice=False)
    until = StringField(validators=[RequiredField()], render_kw=DAY)

    def unit_id(self) -> int:
        """The chosen unit; 0 for none."""
        known = {value for value, _label in self.unit.choices or ()}
        return int(self.unit.data) if self.unit.data in known else 0

    def whole_period(self, *, now: datetime) -> tuple[datetime, datetime]:
        """The period; a missing last day is an error at its field."""
        since, until = self.period()
        if until is None and not self.until.errors:
            self.say("until", "answer.missing")
        return since or now, until or now


class CorrectionForm(PlainForm):
    """What a nominee says is wrong."""

    text = TextAreaField(validators=[RequiredField()], render_kw={"rows": 5})


def sign_form(paper: NominationToSign) -> SignForm:
    """The form in the reader's language."""
    form = SignForm()
    form.code.label.text, form.code.description = _("签字验证码"), _("邮件里的 6 位数字，10 分钟内有效")
    form.version.data = form.version.data or str(paper.saved.number)
    form.digest.data = form.digest.data or paper.digest
    return form


def return_form(paper: NominationToSign) -> ReturnForm:
    """The form in the reader's language, with what was typed before signing in again."""
    form = ReturnForm(data={"version": str(paper.saved.number), "digest": paper.digest})
    form.reason.label.text = _("哪里要改")
    form.reason.description = _("部门联系人会看到，最多 500 字")
    return form


def delegate_form(own: Iterable[tuple[int, str]]) -> DelegateForm:
    """The form in the reader's language; `own` are the head's units."""
    form = DelegateForm()
    form.staff_no.label.text, form.staff_no.description = (
        _("代签人的工号"),
        _("名册里的在职职工，例如 HC0001"),
    )
    form.unit.label.text, form.unit.choices = _("代签哪个单位"), [(str(id_), path) for id_, path in own]
    form.since.label.text, form.since.description = _("从哪天起"), _("留空就从现在起")
    form.until.label.text, form.until.description = _("到哪天为止"), _("含这一天，过了自动失效")
    return form


def correction_form() -> CorrectionForm:
    """The form in the reader's language, with what was typed before signing in again."""
    form = CorrectionForm(data={})
    form.text.label.text = _("需要更正的内容")
    form.text.description = _("发给单位联系人，由联系人改；最多 %(n)s 字", n=CORRECTION_MOST)
    return form
