"""How the nominated of an award are distributed, with its structure limits; to print."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.db.session import unit_of_work
from eventreg.nominations.screening import report as reports
from eventreg.nominations.screening.rules import GroupDimension
from eventreg.people import units
from eventreg.web.app import current
from eventreg.web.app.side_nav import review_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.web.review.screening import view_models as screening_view_models
from eventreg.web.review.screening.forms import LimitForm, limit_form
from eventreg.web.review.screening.views import find_award
from eventreg.words.award import screening_words

bp = Blueprint("report", __name__)


@bp.get("/review/campaigns/<slug>/report")
def report(slug: str) -> str:
    """By department, age band and post; each limit as it stands now."""
    return _page(find_award(slug), _form())


@bp.post("/review/campaigns/<slug>/limits")
def add_limit(slug: str) -> Page:
    """Hold the choice to one more limit."""
    found, form = find_award(slug), _form()
    limit = form.read()
    if form.errors:
        return _page(found, form), 422
    with saying_at(form), unit_of_work():
        reports.add_limit(found.id, limit, actor=current.actor())
    if form.errors:
        return _page(found, form), 409
    flash(_("结构要求已加上。"), "seated")
    return redirect(url_for("report.report", slug=slug), 303)


@bp.post("/review/campaigns/<slug>/limits/<int:limit_id>/end")
def drop_limit(slug: str, limit_id: int) -> Response:
    """Hold it to that limit no longer."""
    found = find_award(slug)
    with unit_of_work():
        reports.drop_limit(found.id, limit_id, actor=current.actor())
    flash(_("结构要求已去掉。"), "plain")
    return redirect(url_for("report.report", slug=slug), 303)


def _form() -> LimitForm:
    return limit_form([(unit.id, unit.name) for unit in units.list_departments()])


def _page(found: CampaignFacts, form: LimitForm) -> str:
    standing = reports.report(found)
    names = {str(unit.id): unit.name for unit in units.list_departments()}
    return render_template(
        "review/report/report.html",
        c=found,
        form=form,
        nominated=standing.nominated,
        candidates=standing.candidates,
        groups=[
            (screening_words.ABOUT[str(about)](), screening_view_models.grouped(standing, about, names))
            for about in GroupDimension
        ],
        bars=[screening_view_models.limit_bar(found.slug, id_, bar, names) for id_, bar in standing.bars],
        side_nav=review_nav(found.slug),
    )
