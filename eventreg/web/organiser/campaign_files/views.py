"""The files of a campaign's page: shown, uploaded, replaced, removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.files import service as files
from eventreg.campaigns.files.rules import CampaignPart
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import NotFound
from eventreg.core.uploaded_files import receiving
from eventreg.web.app import current
from eventreg.web.app.attachments import campaign_file
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.employee.public.page_files import OF_A_DRAFT
from eventreg.web.forms.upload_form import UploadForm, receive_from, sent_part
from eventreg.web.organiser import organiser_scope
from eventreg.words.award import material_words
from eventreg.words.sign_up import campaign_file_words

from . import forms as file_forms

bp = Blueprint("campaign_files", __name__)


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file that the campaign's page has: its name and size in words, its addresses; width and height of a picture."""

    name: str
    size: str
    url: str
    drop_url: str
    width: int | None
    height: int | None


@bp.get("/manage/campaigns/<slug>/files")
def files_page(slug: str) -> str:
    """Show the files, each with its upload form."""
    return _page(organiser_scope.get_campaign(slug), file_forms.file_forms())


@bp.post("/manage/campaigns/<slug>/files")
def bring(slug: str) -> Page:
    """Receive a file and put it on the campaign's page, instead of the one that was there."""
    campaign, part = (
        organiser_scope.get_campaign(slug),
        sent_part(CampaignPart, otherwise=CampaignPart.PICTURE),
    )
    forms = file_forms.file_forms()
    received = receive_from(
        forms[part],
        lambda stream, name: files.receive(stream, name, part=part, began=current.request_start()),
    )
    if received is None:
        return _page(campaign, forms), 422
    with unit_of_work():
        kept = files.keep(campaign.id, received, part, actor=current.actor(at=current.arrived()))
    if kept != received.id:
        receiving.discard(received.id)
    flash(_("已上传 %(name)s。", name=received.name), "seated")
    return redirect(url_for("campaign_files.files_page", slug=slug), 303)


@bp.post("/manage/campaigns/<slug>/files/<part>/removal")
def drop(slug: str, part: str) -> Response:
    """Take a file off the campaign's page."""
    campaign = organiser_scope.get_campaign(slug)
    if part not in set(CampaignPart):
        raise NotFound("campaign_file")
    with unit_of_work():
        gone = files.drop(campaign.id, CampaignPart(part), actor=current.actor())
    if gone:
        flash(_("已去掉%(part)s。", part=campaign_file_words.part(part)), "plain")
    return redirect(url_for("campaign_files.files_page", slug=slug), 303)


@bp.get("/manage/campaigns/<slug>/files/<file_id>")
def file(slug: str, file_id: str) -> Response:
    """Send a file to the organisers, also of a draft."""
    return campaign_file(*files.get_copy(organiser_scope.get_campaign(slug), file_id))


def _page(campaign: CampaignFacts, forms: Mapping[CampaignPart, UploadForm]) -> str:
    return render_template(
        "organiser/campaign_files/files_page.html",
        side_nav=organiser_nav(campaign.slug, draft=not campaign.published),
        c=campaign,
        parts=[(form, _held(campaign, part)) for part, form in forms.items()],
        forms=list(forms.values()),
        back=url_for("campaigns.campaign", slug=campaign.slug),
    )


def _held(campaign: CampaignFacts, part: CampaignPart) -> HeldFile | None:
    found = campaign.file_for(part)
    if found is None:
        return None
    return HeldFile(
        name=found.name,
        size=material_words.size(found.size),
        url=url_for(OF_A_DRAFT, slug=campaign.slug, file_id=found.id),
        drop_url=url_for("campaign_files.drop", slug=campaign.slug, part=str(part)),
        width=found.width,
        height=found.height,
    )
