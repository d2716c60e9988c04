"""The form of a question."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, RadioField, StringField

from eventreg.campaigns import checks
from eventreg.campaigns.facts import QuestionFacts
from eventreg.campaigns.plan.questions import QuestionInput, Rewording
from eventreg.web.forms.plain_form import RequiredField
from eventreg.web.forms.plan_form import PlanForm, one_of

QUESTION_KINDS = ("phone", "text")


class QuestionForm(PlanForm):
    """A question of the sign-up form."""

    label = StringField(validators=[RequiredField()], render_kw={"maxlength": 80})
    hint = StringField(render_kw={"maxlength": 160})
    kind = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    required = BooleanField()
    meant = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)

    def read_meaning(self) -> Rewording | None:
        """What new words of an answered question mean; None if that was not said."""
        return next((one for one in Rewording if self.meant.data == str(one)), None)

    def read(self) -> QuestionInput:
        """The typed values; meaningless if a field has an error."""
        return QuestionInput(
            kind=self.take("kind", partial(one_of, known=dict.fromkeys(QUESTION_KINDS)), "text"),
            label=self.take("label", partial(checks.line, most=80), ""),
            hint=self.take("hint", partial(checks.line, most=160, required=False), ""),
            required=bool(self.required.data),
        )


def question_form(question: QuestionFacts | None, *, version: int) -> QuestionForm:
    """The form, filled from the question, else for an optional text."""
    known: dict[str, Any] = {"version": str(version), "kind": "text"}
    if question is not None:
        known |= {"kind": question.kind, "label": question.label, "hint": question.hint}
        known["required"] = question.required
    form = QuestionForm(data=known)
    form.kind.choices = [("phone", _("手机号，11 位")), ("text", _("文字，最多 500 个字"))]
    form.meant.choices = [
        (str(Rewording.CORRECTION), _("改正：问的还是同一件事")),
        (str(Rewording.NEW_QUESTION), _("新的一题：问的是另一件事")),
    ]
    form.word(
        ("label", _("问什么"), _("例如：备注")),
        ("hint", _("提示"), _("写在问题下面，例如：饮食或行动上需要照顾的地方")),
        ("kind", _("填什么"), ""),
        ("required", _("必须填"), ""),
        ("meant", _("已经有人答过，改了问法算什么"), _("只改“必须填”，不用选")),
    )
    return form
