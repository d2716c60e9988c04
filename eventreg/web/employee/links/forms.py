"""The form of the first administrator."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import (
    EmailField,
    StringField,
)

from eventreg.web.forms.plain_form import PlainForm, RequiredField


class FirstAdministratorForm(PlainForm):
    """The first person of an empty product."""

    staff_no = StringField(validators=[RequiredField()], render_kw={"maxlength": 32})
    name = StringField(validators=[RequiredField()], render_kw={"maxlength": 64, "autocomplete": "name"})
    email = EmailField(validators=[RequiredField()], render_kw={"maxlength": 254, "autocomplete": "email"})
    unit_name = StringField(validators=[RequiredField()], render_kw={"maxlength": 80})


def first_administrator_form() -> FirstAdministratorForm:
    """Worded in the reader's language."""
    form = FirstAdministratorForm()
    for name, label, hint in (
        ("staff_no", _("工号"), _("字母、数字和 - _ .，例如 HC0001")),
        ("name", _("姓名"), ""),
        ("email", _("工作邮箱"), _("以后登录的验证码发到这里")),
        ("unit_name", _("公司名称"), _("职工名册里最上面的一级")),
    ):
        form[name].label.text, form[name].description = label, hint
    return form
