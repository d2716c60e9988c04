"""Upload forms: one for each part of a campaign's files, so that the part need not be chosen."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _
from wtforms import FileField

from eventreg.campaigns.files.rules import TAKEN, CampaignPart
from eventreg.core.uploaded_files.rules import ENDINGS, FILE_MOST
from eventreg.web.forms.plain_form import PlainForm, RequiredField
from eventreg.words import campaign_file_words


class CampaignFileForm(PlainForm):
    """A file for one part of a campaign's files."""

    file = FileField(validators=[RequiredField()])
    part: CampaignPart
    heading: str
    send: str


def file_forms() -> dict[CampaignPart, CampaignFileForm]:
    """A form for each part, in order, in the reader's language."""
    return {part: _file_form(part) for part in CampaignPart}


def sent_part() -> CampaignPart:
    """The part whose form was sent."""
    typed = request.form.get("part", "")
    return CampaignPart(typed) if typed in set(CampaignPart) else CampaignPart.PICTURE


def _file_form(part: CampaignPart) -> CampaignFileForm:
    form = CampaignFileForm(prefix=f"{part}-")
    word, hint, send = campaign_file_words.PARTS[str(part)]
    form.part, form.heading, form.send = part, word(), send()
    form.file.label.text = _("选择文件，最大 %(n)s MB", n=FILE_MOST // 1024 // 1024)
    form.file.description = hint()
    form.file.render_kw = {"accept": ",".join(end for end, kind in ENDINGS.items() if kind in TAKEN[part])}
    return form
