"""The form that corrects a letter's address."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import BooleanField, EmailField

from eventreg.web.forms.plain_form import PlainForm, RequiredField


class AddressForm(PlainForm):
    """A new address for a letter; `roster` is offered to administrators only."""

    email = EmailField(validators=[RequiredField()], render_kw={"maxlength": 254, "autocomplete": "off"})
    roster = BooleanField()

    @property
    def for_all(self) -> bool:
        """Whether the roster is corrected too."""
        return "roster" in self and bool(self.roster.data)


def address_form(address: str | None, *, roster: bool) -> AddressForm:
    """The form in the reader's language, with the current address."""
    form = AddressForm(data={"email": address or ""})
    form.email.label.text, form.email.description = _("收信邮箱"), _("只改这一封")
    form.roster.label.text = _("名册里的邮箱也改成这个，以后的信和验证码都发到这里")
    if not roster:
        del form.roster
    return form
