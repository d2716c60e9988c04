"""Documents of a department, to be printed and signed: the form of a nomination, and the summary."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.delivery import qr
from eventreg.nominations import access, reading
from eventreg.nominations.papers import check_codes, service, submitted_terms
from eventreg.nominations.papers.rules import in_groups
from eventreg.nominations.quotas import QuotaLine
from eventreg.nominations.reading import NominationFacts, SavedVersion
from eventreg.reports import glyphs, nomination_form, nomination_summary
from eventreg.reports.form_facts import FilledForm, PaperSeal
from eventreg.reports.nomination_form import form_of
from eventreg.web.app import current
from eventreg.web.app.attachments import made_here

from . import summaries, view_models
from .view_models import PrintView

bp = Blueprint("department_papers", __name__)


@bp.get("/unit/nominations/<int:nomination_id>/form.pdf")
def form_pdf(nomination_id: int) -> Response:
    """Send the form as a PDF: the submitted version with its check code, or a draft that is marked as one."""
    form, back = _form(nomination_id), url_for("drafting.nomination", nomination_id=nomination_id)
    return made_here(lambda: nomination_form.pdf(form), name=f"{_name(form)}.pdf", kind="pdf", back=back)


@bp.get("/unit/nominations/<int:nomination_id>/form.docx")
def form_docx(nomination_id: int) -> Response:
    """Send the form as a Word document."""
    form, back = _form(nomination_id), url_for("drafting.nomination", nomination_id=nomination_id)
    return made_here(lambda: nomination_form.docx(form), name=f"{_name(form)}.docx", kind="docx", back=back)


@bp.get("/unit/nominations/summary/<slug>/<int:unit_id>.xlsx")
def summary_sheet(slug: str, unit_id: int) -> Response:
    """Send the department's summary as a workbook."""
    found, line = _award(slug, unit_id)
    return summaries.sheet(nomination_summary.of_department(found, unit_id, line.unit, now=current.now()))


@bp.get("/unit/nominations/summary/<slug>/<int:unit_id>.pdf")
def summary_pdf(slug: str, unit_id: int) -> Response:
    """Send the department's summary as a PDF."""
    found, line = _award(slug, unit_id)
    made = nomination_summary.of_department(found, unit_id, line.unit, now=current.now())
    return summaries.document(made, back=url_for("nominations.mine"))


def _award(slug: str, unit_id: int) -> tuple[CampaignFacts, QuotaLine]:
    return access.get_award_for_contact(slug, unit_id, current.person_id(), now=current.now())


def to_print(found: NominationFacts, campaign: CampaignFacts) -> PrintView:
    """What the page of a nomination shows about its printed form."""
    checked = glyphs.check(*nomination_form.texts_of(found, _printed(found)))
    receipt = service.standing_of([found.id]).get(found.id)
    return view_models.to_print(found, checked, receipt, campaign)


def _form(nomination_id: int) -> FilledForm:
    found = reading.get(nomination_id, access.for_contact(current.person_id(), now=current.now()))
    campaign = campaigns.campaign_by_id(found.campaign_id)
    asks = submitted_terms.terms_for(campaign, found.id, found.handed_in)
    return form_of(found, _printed(found), asks, campaign, _seal(found))


def _printed(found: NominationFacts) -> SavedVersion:
    """The version to print: the submitted one, else the newest."""
    return reading.saved(found.id, found.handed_in or found.version)


def _seal(found: NominationFacts) -> PaperSeal | None:
    if found.handed_in is None:
        return None
    named = check_codes.named_of(found.id, found.handed_in, keys=current.keys())
    address = (
        f"{current.settings().base_url}{url_for('paper_receipts.paper', token=check_codes.token_of(named))}"
    )
    return PaperSeal(in_groups(named.code), address, qr.svg(address), qr.png(address))


def _name(form: FilledForm) -> str:
    """The name of the file, such as 推荐表 王晓芳."""
    what = _("推荐表 %(name)s", name=form.name)
    return what if form.seal else f"{what} {form.draft}"
