"""The forms of signing in."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import (
    HiddenField,
    StringField,
)

from eventreg.web.forms.plain_form import PlainForm, RequiredField


class SignInForm(PlainForm):
    """The staff number or mail address of the person who signs in."""

    identifier = StringField(
        validators=[RequiredField()],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "maxlength": 254},
    )
    next = HiddenField()


class CodeForm(PlainForm):
    """The mailed or printed code."""

    code = StringField(
        validators=[RequiredField()],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "characters", "maxlength": 200},
    )


def sign_in_form(next_path: str) -> SignInForm:
    """Worded in the reader's language."""
    form = SignInForm()
    form.identifier.label.text = _("工号或工作邮箱")
    form.next.data = next_path
    return form


def code_form() -> CodeForm:
    """Worded in the reader's language."""
    form = CodeForm()
    form.code.label.text = _("验证码")
    form.code.description = _("邮件里的 6 位数字，10 分钟内有效，只能在这个浏览器里用；或者打印的登录码")
    return form
