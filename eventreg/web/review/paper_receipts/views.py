"""Receive printed forms: find one by scan or typed code, compare it with what is stored, record or undo its receipt."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.campaigns import service as campaigns
from eventreg.core.db.session import unit_of_work
from eventreg.nominations import access, reading
from eventreg.nominations.papers import check_codes, lists, service
from eventreg.nominations.papers.rules import PaperReference
from eventreg.nominations.reading import NominationFacts
from eventreg.reports import nomination_summary
from eventreg.web.app import current
from eventreg.web.app.view_types import Page
from eventreg.web.award.department_papers import summaries
from eventreg.web.award.department_papers import view_models as paper_view_models
from eventreg.web.forms.plain_form import saying_at

from .forms import CheckCodeForm, ReceiptForm, UndoForm, code_form, receipt_form, undo_form

bp = Blueprint("paper_receipts", __name__)


@bp.get("/review/receipts")
def receipts() -> str:
    """Show the form for a check code, and each award with its missing forms."""
    return _desk(code_form())


@bp.post("/review/receipts")
def find_paper() -> Page:
    """Open the printed form of a typed code."""
    form = code_form()
    with saying_at(form, "code"):
        named = check_codes.find_typed(form.code.data or "", _award_ids(), keys=current.keys())
    if form.errors:
        return _desk(form), 422
    return redirect(url_for("paper_receipts.paper", token=check_codes.token_of(named)), 303)


@bp.get("/p/<token>")
def paper(token: str) -> str:
    """Show a printed form: what it is, whether it is the stored version, whether it was received."""
    return _paper(_find(token), receipt_form(), undo_form())


@bp.post("/p/<token>")
def receive(token: str) -> Page:
    """Record that it was received."""
    named, form = _find(token), receipt_form()
    copies, remark = form.read()
    if form.errors:
        return _paper(named, form, undo_form(sent=False)), 422
    with saying_at(form), unit_of_work():
        received = service.receive(named, _award_ids(), copies=copies, remark=remark, actor=current.actor())
    if form.errors:
        return _paper(named, form, undo_form(sent=False)), 409
    if received.fresh:
        flash(_("已登记收到。"), "seated")
    else:
        flash(_("这一份以前登记过，没有再记一次。"), "waiting")
    return redirect(url_for("paper_receipts.paper", token=token), 303)


@bp.post("/review/receipts/<int:receipt_id>/undo")
def undo(receipt_id: int) -> Page:
    """Take a receipt back; the reason is recorded."""
    named, form = _of_receipt(receipt_id), undo_form()
    reason = form.read()
    if form.errors:
        return _paper(named, receipt_form(sent=False), form), 422
    with unit_of_work():
        service.undo(receipt_id, reason, _award_ids(), actor=current.actor())
    flash(_("已撤回这条收件记录。"), "waiting")
    return redirect(url_for("paper_receipts.paper", token=check_codes.token_of(named)), 303)


@bp.get("/review/awards/<slug>/summary.xlsx")
def summary_sheet(slug: str) -> Response:
    """Send the summary of all departments as a workbook."""
    found = access.get_award_for_paper_desk(slug, current.reader())
    return summaries.sheet(nomination_summary.of_award(found, now=current.now()))


@bp.get("/review/awards/<slug>/summary.pdf")
def summary_pdf(slug: str) -> Response:
    """Send the summary of all departments as a PDF."""
    found = access.get_award_for_paper_desk(slug, current.reader())
    made = nomination_summary.of_award(found, now=current.now())
    return summaries.document(made, back=url_for("paper_receipts.receipts"))


def _find(token: str) -> PaperReference:
    """A paper that the reader may receive; raises NotFound for any other."""
    named = check_codes.get_named(token, keys=current.keys())
    _nomination(named.nomination_id)
    return named


def _nomination(nomination_id: int) -> NominationFacts:
    return reading.get(nomination_id, access.for_paper_desk(_award_ids()))


def _award_ids() -> list[int] | None:
    return access.paper_desk_ids(current.reader())


def _of_receipt(receipt_id: int) -> PaperReference:
    nomination_id, version = service.paper_of(receipt_id)
    _nomination(nomination_id)
    return check_codes.named_of(nomination_id, version, keys=current.keys())


def _paper(named: PaperReference, form: ReceiptForm, undoing: UndoForm) -> str:
    found = _nomination(named.nomination_id)
    campaign = campaigns.campaign_by_id(found.campaign_id)
    printed_of = check_codes.submitted_at(named)
    receipt, token = service.find_receipt(named), check_codes.token_of(named)
    p = paper_view_models.at_desk(named, printed_of, found, campaign, receipt, token=token)
    return render_template("review/paper_receipts/paper.html", p=p, form=form, undoing=undoing)


def _desk(form: CheckCodeForm) -> str:
    found = access.list_awards_for_paper_desk(current.reader())
    desks = [paper_view_models.award_desk(one, lists.of_award(one.id)) for one in found]
    return render_template("review/paper_receipts/receipts.html", form=form, desks=desks)
