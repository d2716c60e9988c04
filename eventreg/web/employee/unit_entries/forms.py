"""The form of a pasted list of staff numbers."""

from __future__ import annotations

import hashlib

from flask_babel import gettext as _
from wtforms import HiddenField, TextAreaField

from eventreg.registrations.by_hand.unit_lists import LIST_MOST, ListProblem
from eventreg.web.forms.plain_form import RequiredField
from eventreg.web.forms.plan_form import PlanForm
from eventreg.words import refusals

TEXT_MOST = 8_000
NAMED_MOST = 12  # wrong numbers in one message


class ListForm(PlanForm):
    """Staff numbers, one a line. `looked` identifies the text that the preview showed."""

    numbers = TextAreaField(
        validators=[RequiredField()],
        render_kw={"rows": 8, "maxlength": TEXT_MOST, "spellcheck": "false", "autocomplete": "off"},
    )
    looked = HiddenField()

    @property
    def text(self) -> str:
        """What was pasted, at most so much."""
        return (self.numbers.data or "")[:TEXT_MOST]

    def has_looked(self) -> bool:
        """Whether the preview showed exactly this text; from now on it does."""
        mark = hashlib.sha256(self.text.encode()).hexdigest()[:16]
        before, self.looked.data = self.looked.data, mark
        return bool(before == mark)

    def say_problems(self, problems: tuple[ListProblem, ...]) -> None:
        """Name the wrong numbers by line at the field."""
        named = [refusals.say(p.code, {"line": p.line, "no": p.staff_no}) for p in problems[:NAMED_MOST]]
        more = [_("……")] if len(problems) > NAMED_MOST else []
        self.say("numbers", "list.wrong", n=len(problems), lines=_("；").join(named + more))


def list_form() -> ListForm:
    """The form in the reader's language."""
    form = ListForm()
    hint = _("每行一个工号，可以连姓名一起贴，一次最多 %(most)s 个", most=LIST_MOST)
    form.word(("numbers", _("同事的工号"), hint))
    return form
