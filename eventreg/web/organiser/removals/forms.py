"""The form that takes somebody out of a campaign."""

from __future__ import annotations

from functools import partial

from flask_babel import gettext as _
from wtforms import RadioField

from eventreg.registrations.ending import RemovalReason
from eventreg.web.forms.plain_form import RequiredField
from eventreg.web.forms.plan_form import PlanForm, one_of
from eventreg.words import registration_words


class RemovalForm(PlanForm):
    """A reason from a short list."""

    reason = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)

    def chosen(self) -> RemovalReason:
        """The chosen reason; meaningless if the field has an error."""
        known = partial(one_of, known=registration_words.REMOVALS)
        return RemovalReason(self.take("reason", known, str(RemovalReason.OTHER)))


def removal_form() -> RemovalForm:
    """The form in the reader's language."""
    form = RemovalForm()
    form.reason.choices = [(code, words()) for code, words in registration_words.REMOVALS.items()]
    form.word(("reason", _("为什么退出"), _("会写进给本人的邮件和办理记录")))
    return form
