"""Upload forms: one for each part of a campaign's files."""

from __future__ import annotations

from flask_babel import gettext as _

from eventreg.campaigns.files.rules import TAKEN, CampaignPart
from eventreg.web.forms.upload_form import MOST_MB, UploadForm, upload_forms
from eventreg.words.sign_up import campaign_file_words


def file_forms() -> dict[CampaignPart, UploadForm]:
    """A form for each part, in order, in the reader's language."""
    return upload_forms(
        CampaignPart,
        campaign_file_words.PARTS,
        TAKEN,
        label=lambda _heading: _("选择文件，最大 %(n)s MB", n=MOST_MB),
    )
