"""The forms about printed forms that come in."""

from __future__ import annotations

from functools import partial

from flask_babel import gettext as _
from wtforms import StringField

from eventreg.campaigns import checks
from eventreg.nominations.papers.rules import COPIES_MOST, REMARK_MOST
from eventreg.web.forms.plain_form import RequiredField
from eventreg.web.forms.plan_form import PlanForm


class CheckCodeForm(PlanForm):
    """The check code of a printed form."""

    code = StringField(
        validators=[RequiredField()],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "maxlength": 24},
    )


class ReceiptForm(PlanForm):
    """The number of copies, and a remark."""

    copies = StringField(validators=[RequiredField()], render_kw={"inputmode": "numeric", "maxlength": 2})
    remark = StringField(render_kw={"autocomplete": "off", "maxlength": REMARK_MOST})

    def read(self) -> tuple[int, str]:
        """The checked values; errors are shown at their fields."""
        copies = self.take("copies", partial(checks.number, least=1, most=COPIES_MOST), 0)
        remark = self.take("remark", partial(checks.line, most=REMARK_MOST, required=False), "")
        return copies, remark


class UndoForm(PlanForm):
    """The reason for taking a receipt back."""

    reason = StringField(
        validators=[RequiredField()], render_kw={"autocomplete": "off", "maxlength": REMARK_MOST}
    )

    def read(self) -> str:
        """The checked reason; an error is shown at the field."""
        return self.take("reason", partial(checks.line, most=REMARK_MOST), "")


def code_form() -> CheckCodeForm:
    """Worded in the reader's language."""
    form = CheckCodeForm()
    form.word(("code", _("校验码"), _("纸上右上角的 8 位，大小写、空格和短横都不要紧")))
    return form


def receipt_form(*, sent: bool = True) -> ReceiptForm:
    """The form in the reader's language, with one copy as default."""
    data = {"copies": "1"}
    form = ReceiptForm(data=data) if sent else ReceiptForm(formdata=None, data=data)
    form.word(
        ("copies", _("收到几份"), ""),
        ("remark", _("备注"), _("例如：缺骑缝章，已请补盖")),
    )
    return form


def undo_form(*, sent: bool = True) -> UndoForm:
    """Worded in the reader's language."""
    form = UndoForm() if sent else UndoForm(formdata=None)
    form.word(("reason", _("为什么撤回"), _("会留在记录里")))
    return form
