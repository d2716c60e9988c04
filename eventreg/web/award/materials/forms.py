"""Upload forms: one for each part of a nomination."""

from __future__ import annotations

from flask_babel import gettext as _

from eventreg.nominations.files.rules import TAKEN, MaterialPart
from eventreg.web.forms.upload_form import MOST_MB, UploadForm, upload_forms
from eventreg.words.award import material_words


def paper_forms() -> dict[MaterialPart, UploadForm]:
    """A form for each part, in order, in the reader's language."""
    return upload_forms(
        MaterialPart,
        material_words.PARTS,
        TAKEN,
        label=lambda heading: _("%(part)s的文件，最大 %(n)s MB", part=heading, n=MOST_MB),
    )
