"""The files of submitted nominations for HR, sent as attachments."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from eventreg.campaigns.facts import CampaignFacts
from eventreg.nominations import access, materials, quotas, reading
from eventreg.nominations.files import service as files
from eventreg.nominations.reading import NominationFacts
from eventreg.web.app.attachments import attachment
from eventreg.web.award.materials import view_models as material_view_models
from eventreg.web.award.materials.view_models import FileView

bp = Blueprint("review_files", __name__)


@bp.get("/review/nominations/<int:nomination_id>/files/<file_id>")
def download(nomination_id: int, file_id: str) -> Response:
    """Send a file as it was uploaded."""
    file = files.get(file_id, within=reading.id_if(nomination_id, access.for_hr()))
    return attachment(file.path, name=file.name, kind=file.kind)


def papers(
    found: NominationFacts,
    campaign: CampaignFacts,
    *,
    download: str = "review_files.download",
    **address: str,
) -> tuple[FileView, ...]:
    """The files of a submitted nomination, with the endpoint that sends one; those from after the deadline are marked."""
    line = quotas.find_line(campaign.id, found.unit_id)
    until = materials.counts_until(found, campaign.window, line.extended_until if line else None)
    listed = files.list_files(reading.id_if(found.id, access.for_hr()))
    return material_view_models.papers(
        listed, campaign, closes_at=until, changes=False, download=download, **address
    )
