"""How many places a campaign has, and for whom."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.policy import Policy
from eventreg.core.db.session import let_go
from eventreg.core.errors import Refused
from eventreg.nominations import quota_file
from eventreg.nominations.quota_file import UnitLine
from eventreg.people import units
from eventreg.registrations import capacity
from eventreg.web.app import current
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.web.forms.uploaded import find_uploaded
from eventreg.web.organiser import letters_first, organiser_scope
from eventreg.web.organiser.campaigns import view_models as plan_view_models
from eventreg.words import refusals

from .forms import PlacesForm, details, places_form

bp = Blueprint("places", __name__)


@bp.get("/manage/campaigns/<slug>/places")
def places(slug: str) -> str:
    """Show the form of the pools."""
    found = organiser_scope.get_campaign(slug)
    return _page(found, places_form(found, units.list_units()))


@bp.post("/manage/campaigns/<slug>/places")
def save_places(slug: str) -> Page:
    """Save the policy; people who wait get additional places in the same unit of work, once their letters were seen.

    One button only adds a row, one only calculates the allotments.
    """
    found = organiser_scope.get_campaign(slug)
    departments = units.list_departments() if "calculate" in request.form else []
    form = places_form(found, units.list_units(), more=len(departments))
    if "add" in request.form:
        return _page(found, form)
    if "calculate" in request.form:
        form.calculate(departments)
        return (_page(found, form), 422) if form.errors else _page(found, form)
    wanted = form.read(found)
    if form.errors:
        return _page(found, form), 422
    work = partial(capacity.change_admission, found.id, wanted, seen=form.seen, actor=current.actor())
    with saying_at(form, version=lambda: organiser_scope.get_campaign(slug).version):
        seated = letters_first.change(found, work, back=partial(_page, found, form))
    if form.errors:
        return _page(found, form), 409
    _tell(len(seated))
    return redirect(url_for("campaigns.campaign", slug=slug), 303)


@bp.post("/manage/campaigns/<slug>/places/file")
def bring(slug: str) -> Page:
    """Fill the allotments in from a spreadsheet with the columns 单位 and 名额, to be reviewed; nothing is saved yet."""
    found = organiser_scope.get_campaign(slug)
    brought = find_uploaded("file")
    if brought is None:
        return _page(
            found, places_form(found, units.list_units()), trouble=refusals.say("quota.no_file", {})
        ), 422
    let_go()  # reading takes seconds
    departments = [UnitLine(id_, path) for id_, path in units.list_units()]
    try:
        read = quota_file.read(brought.name, brought.stream, departments)
    except Refused as refused:
        form = places_form(found, units.list_units())
        return _page(found, form, trouble=refusals.say(refused.code, refused.facts)), 422
    form = places_form(found, units.list_units(), more=len(read.requests))
    form.fill({unit_id: wish.places for unit_id, wish in read.requests.items()})
    form.policy.data = str(Policy.ALLOTTED)
    return _page(found, form, skipped=[line.unit or line.places for line in read.skipped])


def _tell(seated: int) -> None:
    flash(_("名额已保存。"), "seated")
    if seated:
        told = ngettext(
            "候补里有 %(num)s 人递补上了，已发邮件。", "候补里有 %(num)s 人递补上了，已发邮件。", seated
        )
        flash(told, "seated")


def _page(found: CampaignFacts, form: PlacesForm, *, trouble: str = "", skipped: Sequence[str] = ()) -> str:
    plan = plan_view_models.plan(found, now=current.now())
    return render_template(
        "organiser/places/places.html",
        form=form,
        details=details(),
        fixed=bool(found.last_arrival),
        trouble=trouble,
        skipped=skipped,
        p=plan,
        added=found.total.added if found.total else 0,
        side_nav=organiser_nav(found.slug, draft=plan.draft),
    )
