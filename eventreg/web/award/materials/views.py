"""The files of a nomination: upload, download and remove them; show a document's text and use it as deeds text."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.core.uploaded_files import receiving
from eventreg.nominations import access, materials, quotas, reading, terms
from eventreg.nominations.files import service as files
from eventreg.nominations.files.rules import TAKEN, MaterialPart
from eventreg.nominations.quotas import QuotaLine
from eventreg.nominations.reading import NominationFacts
from eventreg.nominations.rules import EDITABLE, NominationContent
from eventreg.nominations.signing import service as signing
from eventreg.web.app import current
from eventreg.web.app.attachments import attachment
from eventreg.web.app.numbers import whole_number
from eventreg.web.app.view_types import Page
from eventreg.web.award.drafting import view_models as nomination_view_models
from eventreg.web.forms.upload_form import UploadForm, receive_from, sent_part
from eventreg.words import refusals

from . import forms as material_forms
from . import view_models

bp = Blueprint("materials", __name__)


@dataclass(frozen=True, slots=True)
class MaterialsPage:
    """A nomination of the contact's own departments, with the facts that the page of its files shows."""

    found: NominationFacts
    campaign: CampaignFacts
    line: QuotaLine

    @property
    def changes(self) -> bool:
        """Whether files may be added and removed."""
        return self.found.state in EDITABLE


@bp.get("/unit/nominations/<int:nomination_id>/files")
def papers(nomination_id: int) -> str:
    """List the files, with an upload form for each part."""
    return _page(_find(nomination_id), material_forms.paper_forms())


@bp.post("/unit/nominations/<int:nomination_id>/files")
def bring(nomination_id: int) -> Page:
    """Receive a file and add it to the nomination; the text of a deeds document is shown next."""
    case, part = _find(nomination_id), sent_part(MaterialPart, otherwise=MaterialPart.EVIDENCE)
    forms = material_forms.paper_forms()
    received = receive_from(
        forms[part],
        lambda stream, name: receiving.receive(
            stream, name, began=current.request_start(), allowed=TAKEN[part]
        ),
    )
    if received is None:
        return _page(case, forms), 422
    try:
        with unit_of_work():
            kept = materials.keep(nomination_id, received, part, actor=current.actor(at=current.arrived()))
    except Refused as refused:
        receiving.discard(received.id)
        forms[part].say("file", refused.code, **refused.facts)
        return _page(case, forms), 409
    if kept.id != received.id:
        receiving.discard(received.id)
    if part is MaterialPart.DEEDS:
        return redirect(url_for("materials.text", nomination_id=nomination_id, file_id=kept.id), 303)
    flash(_("已上传 %(name)s。", name=kept.name), "seated")
    return redirect(url_for("materials.papers", nomination_id=nomination_id), 303)


@bp.get("/unit/nominations/<int:nomination_id>/files/<file_id>")
def download(nomination_id: int, file_id: str) -> Response:
    """Send a file as it was uploaded."""
    _find(nomination_id)
    file = files.get(file_id, within=[nomination_id])
    return attachment(file.path, name=file.name, kind=file.kind)


@bp.post("/unit/nominations/<int:nomination_id>/files/<file_id>/removal")
def drop(nomination_id: int, file_id: str) -> Response:
    """Remove a file."""
    with unit_of_work():
        materials.drop(nomination_id, file_id, actor=current.actor())
    flash(_("已去掉这个文件。"), "plain")
    return redirect(url_for("materials.papers", nomination_id=nomination_id), 303)


@bp.get("/unit/nominations/<int:nomination_id>/files/<file_id>/text")
def text(nomination_id: int, file_id: str) -> str:
    """Show the text of a document with its counts, or why there is none and what to do."""
    return _text_page(_find(nomination_id), file_id)


@bp.post("/unit/nominations/<int:nomination_id>/files/<file_id>/text")
def use_text(nomination_id: int, file_id: str) -> Page:
    """Use the shown text as the deeds text; the text before stays as an earlier version."""
    case = _find(nomination_id)
    seen = whole_number(request.form.get("version"))
    try:
        with unit_of_work():
            verdict = materials.use_text(
                nomination_id, file_id, seen=seen, tab=file_id[:24], actor=current.actor()
            )
    except Refused as refused:
        return _text_page(case, file_id, refused=refused), 409
    if verdict.other:
        return _text_page(_find(nomination_id), file_id, refused=Refused("nomination.overtaken")), 409
    flash(_("文件里的文字已放进事迹材料。还没有提交。"), "seated")
    return redirect(url_for("drafting.nomination", nomination_id=nomination_id), 303)


def _find(nomination_id: int) -> MaterialsPage:
    found = reading.get(nomination_id, access.for_contact(current.person_id(), now=current.now()))
    campaign = campaigns.campaign_by_id(found.campaign_id)
    line = quotas.find_line(campaign.id, found.unit_id)
    if line is None:
        raise NotFound("quota")
    return MaterialsPage(found, campaign, line)


def _page(case: MaterialsPage, forms: dict[MaterialPart, UploadForm]) -> str:
    until = materials.counts_until(case.found, case.campaign.window, case.line.extended_until)
    listed = files.list_files([case.found.id])
    return render_template(
        "award/materials/papers.html",
        name=case.found.nominee.name,
        d=nomination_view_models.department_award(
            case.campaign, case.line, [], now=current.now(), due_at=case.found.due_at
        ),
        signed=signing.standing_of([case.found.id])[case.found.id] is not None,
        papers=view_models.papers(listed, case.campaign, closes_at=until, changes=case.changes),
        forms=list(forms.values()) if case.changes else [],
        action=url_for("materials.bring", nomination_id=case.found.id),
        back=url_for("drafting.nomination", nomination_id=case.found.id),
    )


def _text_page(case: MaterialsPage, file_id: str, *, refused: Refused | None = None) -> str:
    """The page with the file's text and the form's text, with counts."""
    file, asks = files.get(file_id, within=[case.found.id]), terms.terms_of(case.campaign)
    held, read = reading.saved(case.found.id, case.found.version).content.deeds, ""
    try:
        read = materials.text_in(file_id, within=[case.found.id])
    except Refused as unreadable:
        refused = unreadable
    return render_template(
        "award/materials/text.html",
        file=file,
        read=read,
        counter=nomination_view_models.counter(NominationContent(deeds=read), asks),
        held=nomination_view_models.counter(NominationContent(deeds=held), asks) if held else None,
        same=read == held,
        mended=view_models.mended(files.extracted_text(file_id, within=[case.found.id])) if read else "",
        changes=case.changes,
        version=case.found.version,
        said_why=refusals.say(refused.code, refused.facts) if refused else "",
        action=url_for("materials.use_text", nomination_id=case.found.id, file_id=file_id),
        back=url_for("materials.papers", nomination_id=case.found.id),
        form_url=url_for("drafting.nomination", nomination_id=case.found.id),
    )
