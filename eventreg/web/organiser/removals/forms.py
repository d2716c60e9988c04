"""The form that takes somebody out of a campaign."""

from __future__ import annotations

from flask_babel import gettext as _

from eventreg.registrations.by_hand.rules import HandActKind
from eventreg.web.forms.hand_form import HandForm


def removal_form() -> HandForm:
    """The form in the reader's language."""
    form = HandForm()
    form.word_reasons(HandActKind.TAKE_OUT, _("为什么退出"), _("会写进给本人的邮件和办理记录"))
    return form
