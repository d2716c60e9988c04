"""Who may sign up for a campaign."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.campaigns.facts import CampaignFacts
from eventreg.people import units
from eventreg.registrations.one_of import group_claims, restrictions
from eventreg.web.app import current
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.organiser import organiser_scope
from eventreg.web.organiser.campaigns import view_models as plan_view_models
from eventreg.web.organiser.steps import save

from .forms import EligibilityForm, eligibility_form

bp = Blueprint("eligibility", __name__)


@bp.get("/manage/campaigns/<slug>/eligibility")
def eligibility(slug: str) -> str:
    """Show the form of who may sign up."""
    found = organiser_scope.get_campaign(slug)
    return _page(found, _form(found))


@bp.post("/manage/campaigns/<slug>/eligibility")
def save_eligibility(slug: str) -> Page:
    """Save who may sign up; whoever has signed up keeps what they have."""
    found = organiser_scope.get_campaign(slug)
    form = _form(found)
    wanted, group = form.read()

    def told(_changed: bool) -> Response:
        flash(_("谁能报名已保存。已经报名的人不受影响。"), "seated")
        return redirect(url_for("campaigns.campaign", slug=slug), 303)

    return save(
        slug,
        form,
        lambda: restrictions.change(found.id, wanted, group, seen=form.seen, actor=current.actor()),
        lambda: _page(found, form),
        tell=told,
    )


def _form(found: CampaignFacts) -> EligibilityForm:
    listed = restrictions.list_numbers(found.id) if found.eligible.listed else []
    return eligibility_form(found, units.list_units(), listed)


def _page(found: CampaignFacts, form: EligibilityForm) -> str:
    plan = plan_view_models.plan(found, now=current.now())
    return render_template(
        "organiser/eligibility/eligibility.html",
        form=form,
        groups=group_claims.list_groups(found.season_id),
        p=plan,
        side_nav=organiser_nav(found.slug, draft=plan.draft),
    )
