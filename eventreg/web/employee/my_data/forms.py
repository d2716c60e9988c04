"""The form of the visitor's telephone number."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import TelField

from eventreg.web.forms.plain_form import PlainForm


class PhoneForm(PlainForm):
    """The visitor's telephone number."""

    phone = TelField(render_kw={"maxlength": 20})


def phone_form(phone: str | None) -> PhoneForm:
    """The form in the reader's language, with the current number."""
    form = PhoneForm(data={"phone": phone or ""})
    form.phone.label.text = _("手机号")
    form.phone.description = _("11 位手机号或带区号的座机。下次导入名册时，以名册为准")
    return form
