"""The forms for a phone's file, and for somebody who is accounted for."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import FileField, StringField

from eventreg.venue.offline.let_in import REASON_MOST
from eventreg.web.forms.plain_form import PlainForm, RequiredField


class QueueForm(PlainForm):
    """The file that a phone exported."""

    file = FileField(validators=[RequiredField()], render_kw={"accept": ".json"})


class TakeOffForm(PlainForm):
    """Why nobody has to look for somebody any more."""

    reason = StringField(validators=[RequiredField()], render_kw={"maxlength": REASON_MOST})


def queue_form() -> QueueForm:
    """The form in the reader's language."""
    form = QueueForm()
    form.file.label.text, form.file.description = (
        _("手机导出的文件"),
        _("在签到台按“导出扫码记录”得到，名字以 .json 结尾。同一个文件导入两次也只算一次。"),
    )
    return form
