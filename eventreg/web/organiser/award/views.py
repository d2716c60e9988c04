"""The settings of an award."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from eventreg.campaigns.assessments import service as assessments
from eventreg.campaigns.assessments.service import AssessmentPurpose
from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.db.session import unit_of_work
from eventreg.nominations import access, terms
from eventreg.nominations.papers import submitted_terms
from eventreg.web.app import current
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.web.organiser import organiser_scope
from eventreg.web.organiser.campaigns import view_models as plan_view_models

from . import forms
from .forms import AwardForm, award_form

bp = Blueprint("award", __name__)


@bp.get("/manage/campaigns/<slug>/award")
def settings(slug: str) -> str:
    """The settings of an award."""
    found = access.get_award_for_organiser(slug, current.reader())
    return _page(found, _form(found))


@bp.post("/manage/campaigns/<slug>/award")
def save_settings(slug: str) -> Page:
    """Save the settings."""
    found = access.get_award_for_organiser(slug, current.reader())
    form = _form(found)
    asks, closes_at = form.read(found.zone)
    if form.errors:
        return _page(found, form), 422
    with saying_at(form, version=lambda: organiser_scope.get_campaign(slug).version), unit_of_work():
        terms.change(
            found.id,
            asks,
            closes_at=closes_at,
            assessed=form.assessed,
            seen=form.seen,
            actor=current.actor(),
        )
    if form.errors:
        return _page(found, form), 409
    flash(_("评选设置已保存。"), "seated")
    return redirect(url_for("campaigns.campaign", slug=slug), 303)


def _form(found: CampaignFacts) -> AwardForm:
    written = assessments.text_of(found.id, AssessmentPurpose.ID_NUMBER)
    return award_form(found, terms.terms_of(found), written)


def _page(found: CampaignFacts, form: AwardForm) -> str:
    plan = plan_view_models.plan(found, now=current.now())
    return render_template(
        "organiser/award/settings.html",
        form=form,
        details=forms.details(),
        submitted=submitted_terms.count_submitted(found.id),
        p=plan,
        side_nav=organiser_nav(found.slug, draft=plan.draft),
    )
