"""The form that makes an API token."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import (
    SelectMultipleField,
    StringField,
)

from eventreg.accounts.api_tokens import LONGEST, OWNER_LENGTH
from eventreg.accounts.rules import TOKEN_DAYS, TOKEN_NAME_LENGTH, ApiScope
from eventreg.web.app.numbers import whole_number
from eventreg.web.forms.plain_form import PlainForm, RequiredField
from eventreg.words.operations import token_words


class TokenForm(PlainForm):
    """A new API token."""

    token_name = StringField(
        validators=[RequiredField()], render_kw={"maxlength": TOKEN_NAME_LENGTH, "autocomplete": "off"}
    )
    scopes = SelectMultipleField(validators=[RequiredField()], choices=[], validate_choice=False)
    owner = StringField(render_kw={"maxlength": OWNER_LENGTH, "autocomplete": "off"})
    days = StringField(validators=[RequiredField()], render_kw={"inputmode": "numeric", "maxlength": 4})

    def whole_days(self) -> int:
        """The typed number of days; 0 if it is not a number."""
        return whole_number((self.days.data or "").strip())


def token_form(owner: str, *, blank: bool = False) -> TokenForm:
    """The form in the reader's language; blank after a token was made."""
    fresh = {"owner": owner, "days": str(TOKEN_DAYS)}
    form = TokenForm(formdata=None, data=fresh) if blank else TokenForm(data=fresh)
    for name, label, hint in (
        ("token_name", _("名字"), _("给哪个系统用，例如：门禁；同名的只能有一个")),
        ("scopes", _("权限范围"), _("只勾它用得着的")),
        ("owner", _("负责人"), _("出了问题找谁")),
        ("days", _("有效期，天"), _("最多 %(n)s 天，到期自动失效", n=LONGEST)),
    ):
        form[name].label.text, form[name].description = label, hint
    form.scopes.choices = [(str(scope), token_words.scope(str(scope))) for scope in ApiScope]
    return form
