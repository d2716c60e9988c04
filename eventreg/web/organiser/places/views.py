"""How many places a campaign has, and for whom."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.db.session import unit_of_work
from eventreg.people import units
from eventreg.registrations import capacity
from eventreg.web.app import current
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.web.organiser import organiser_scope
from eventreg.web.organiser.campaigns import view_models as plan_view_models

from .forms import PlacesForm, places_form

bp = Blueprint("places", __name__)


@bp.get("/manage/campaigns/<slug>/places")
def places(slug: str) -> str:
    """The bounds on places."""
    found = organiser_scope.get_campaign(slug)
    return _page(found, places_form(found, units.list_units()))


@bp.post("/manage/campaigns/<slug>/places")
def save_places(slug: str) -> Page:
    """Set the places; who waits gets what was added, in the same unit. One button only adds a row."""
    found = organiser_scope.get_campaign(slug)
    form = places_form(found, units.list_units())
    if "add" in request.form:
        return _page(found, form)
    bounds = form.read()
    if form.errors:
        return _page(found, form), 422
    with saying_at(form, version=lambda: organiser_scope.get_campaign(slug).version), unit_of_work():
        seated = capacity.change_places(found.id, bounds, seen=form.seen, actor=current.actor())
    if form.errors:
        return _page(found, form), 409
    _tell(len(seated))
    return redirect(url_for("campaigns.campaign", slug=slug), 303)


def _tell(seated: int) -> None:
    flash(_("名额已保存。"), "seated")
    if seated:
        told = ngettext(
            "候补里有 %(num)s 人递补上了，已发邮件。", "候补里有 %(num)s 人递补上了，已发邮件。", seated
        )
        flash(told, "seated")


def _page(found: CampaignFacts, form: PlacesForm) -> str:
    plan = plan_view_models.plan(found, now=current.now())
    return render_template(
        "organiser/places/places.html",
        form=form,
        p=plan,
        side_nav=organiser_nav(found.slug, draft=plan.draft),
    )
