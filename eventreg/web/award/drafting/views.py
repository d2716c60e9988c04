"""Write one nomination: save it by button or automatically, count its text, submit it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import NotFound
from eventreg.nominations import access, drafts, materials, quotas, reading, service, terms
from eventreg.nominations.drafts import SaveResult
from eventreg.nominations.files import service as files
from eventreg.nominations.quotas import QuotaLine
from eventreg.nominations.reading import NominationFacts, SavedVersion
from eventreg.nominations.rules import EDITABLE, NominationState, Terms
from eventreg.nominations.signing import who_may_sign
from eventreg.web.app import current
from eventreg.web.app.view_types import Page
from eventreg.web.award.department_papers import views as papers
from eventreg.web.award.materials import view_models as material_view_models
from eventreg.web.award.materials.view_models import FileView
from eventreg.web.award.signing import view_models as signature_view_models
from eventreg.web.forms.plain_form import saying_at

from . import view_models
from .forms import NominationForm, nomination_form
from .saving import save_by_button, save_by_itself, tab_of

bp = Blueprint("drafting", __name__)


@dataclass(frozen=True, slots=True)
class NominationPage:
    """A nomination of the contact's own departments, with all facts that its page needs."""

    found: NominationFacts
    campaign: CampaignFacts
    asks: Terms
    saved: SavedVersion
    line: QuotaLine


@bp.get("/unit/nominations/<int:nomination_id>")
def nomination(nomination_id: int) -> str:
    """Show the form as long as it can be submitted (again); afterwards the submitted version for reading."""
    opened = _open(nomination_id)
    return _page(opened, nomination_form(opened.asks, opened.saved))


@bp.post("/unit/nominations/<int:nomination_id>")
def write(nomination_id: int) -> Page:
    """Save, count, or save and submit. What was typed is saved before anything is refused."""
    opened = _open(nomination_id)
    form = nomination_form(opened.asks, opened.saved)

    def then(saved: SaveResult) -> Page:
        do = request.form.get("do", "save")
        if do == "submit":
            return _submit(opened, form, saved.version)
        if do == "files":
            return redirect(url_for("materials.papers", nomination_id=nomination_id), 303)
        handed_in = opened.found.handed_in is not None
        flash(_("已保存，还没有重新提交。") if handed_in else _("草稿已保存。"), "seated")
        return redirect(url_for("drafting.nomination", nomination_id=nomination_id), 303)

    return save_by_button(form, partial(_save, opened, form), partial(_page, opened, form), then)


@bp.post("/unit/nominations/<int:nomination_id>/autosave")
def autosave(nomination_id: int) -> tuple[dict[str, object], int]:
    """Save automatically: returns the new version, or that somebody else saved one meanwhile."""
    opened = _open(nomination_id)
    form = nomination_form(opened.asks, opened.saved)
    return save_by_itself(form, opened.saved.content, partial(_save, opened, form), opened.campaign)


def _open(nomination_id: int) -> NominationPage:
    found = reading.get(nomination_id, access.for_contact(current.person_id(), now=current.now()))
    campaign = campaigns.campaign_by_id(found.campaign_id)
    line = quotas.find_line(campaign.id, found.unit_id)
    if line is None:
        raise NotFound("quota")
    saved = reading.saved(found.id, found.version)
    return NominationPage(found, campaign, terms.terms_of(campaign), saved, line)


def _save(opened: NominationPage, form: NominationForm) -> SaveResult:
    tab = tab_of(form)
    with unit_of_work():
        return drafts.save(opened.found.id, form.content(), seen=form.seen, tab=tab, actor=current.actor())


def _submit(opened: NominationPage, form: NominationForm, version: int) -> Page:
    now, began = current.arrived(), current.request_start()
    form.say_lacks(service.lacks_of(form.content(), opened.campaign, now=now))
    if form.errors:
        return _page(opened, form), 422
    with saying_at(form), unit_of_work():
        service.submit(opened.found.id, seen=version, actor=current.actor(at=now), began=began)
    if form.errors:
        return _page(opened, form), 409
    flash(_("已提交。"), "seated")
    return redirect(url_for("drafting.nomination", nomination_id=opened.found.id), 303)


def _page(opened: NominationPage, form: NominationForm, *, other: SavedVersion | None = None) -> str:
    campaign, asks, found, now = opened.campaign, opened.asks, opened.found, current.now()
    award = view_models.department_award(campaign, opened.line, [], now=now, due_at=found.due_at)
    open_ = found.state is NominationState.DRAFT or (found.state in EDITABLE and not award.closed)
    writable = open_ or request.method == "POST"  # what was typed is shown again, whatever the result
    shown = opened.saved if writable else reading.saved(found.id, found.handed_in or found.version)
    content = form.content() if request.method == "POST" else shown.content
    nobody = not who_may_sign.signers_of(found.unit_id, but=found.nominee.id, now=now)
    beside = signature_view_models.beside(found, campaign, until=award.closes_at, now=now, nobody=nobody)
    return render_template(
        "award/drafting/nomination.html",
        form=form,
        writer_id=current.person_id(),
        n=view_models.nominated(found, shown, asks, campaign, writable=writable, beside=beside),
        d=award,
        counter=view_models.counter(content, asks),
        papers=_papers(opened),
        paper=papers.to_print(opened.found, campaign),
        other=view_models.other(other, asks, campaign) if other else None,
    )


def _papers(opened: NominationPage) -> tuple[FileView, ...]:
    until = materials.counts_until(opened.found, opened.campaign.window, opened.line.extended_until)
    listed = files.list_files([opened.found.id])
    return material_view_models.papers(listed, opened.campaign, closes_at=until, changes=False)
