"""Upload forms: one for each part of a nomination, so that the part need not be chosen."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _
from wtforms import FileField

from eventreg.core.uploaded_files.rules import ENDINGS, FILE_MOST
from eventreg.nominations.files.rules import TAKEN, MaterialPart
from eventreg.web.forms.plain_form import PlainForm, RequiredField
from eventreg.words.award import material_words


class PaperForm(PlainForm):
    """A file for one part of a nomination."""

    file = FileField(validators=[RequiredField()])
    part: MaterialPart
    heading: str
    send: str


def paper_forms() -> dict[MaterialPart, PaperForm]:
    """A form for each part, in order, in the reader's language."""
    return {part: _paper_form(part) for part in MaterialPart}


def sent_part() -> MaterialPart:
    """The part whose form was sent."""
    typed = request.form.get("part", "")
    return MaterialPart(typed) if typed in set(MaterialPart) else MaterialPart.EVIDENCE


def _paper_form(part: MaterialPart) -> PaperForm:
    form = PaperForm(prefix=f"{part}-")
    word, hint, send = material_words.PARTS[str(part)]
    form.part, form.heading, form.send = part, word(), send()
    form.file.label.text = _("%(part)s的文件，最大 %(n)s MB", part=word(), n=FILE_MOST // 1024 // 1024)
    form.file.description = hint()
    form.file.render_kw = {"accept": ",".join(end for end, kind in ENDINGS.items() if kind in TAKEN[part])}
    return form
