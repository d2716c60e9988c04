"""The distribution of an award's nominees with its structure limits, also for printing."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.db.session import unit_of_work
from eventreg.nominations import access
from eventreg.nominations.screening import report as reports
from eventreg.nominations.screening.report import StructureReport
from eventreg.nominations.screening.rules import GroupDimension
from eventreg.people import units
from eventreg.reports import distribution_sheet
from eventreg.web.app import current
from eventreg.web.app.attachments import workbook
from eventreg.web.app.side_nav import review_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.web.review.screening import view_models as screening_view_models
from eventreg.web.review.screening.forms import LimitForm, limit_form
from eventreg.words.award import screening_words

bp = Blueprint("report", __name__)


@bp.get("/review/campaigns/<slug>/report")
def report(slug: str) -> str:
    """Show nominees by department, age band and post, and the status of each limit."""
    return _page(access.get_award_for_hr(slug), _form())


@bp.get("/review/campaigns/<slug>/report.xlsx")
def export(slug: str) -> Response:
    """Send the distribution as a workbook."""
    found = access.get_award_for_hr(slug)
    title, told = _("%(title)s推荐分布", title=found.title), _groups(reports.report(found))
    return workbook(lambda file: distribution_sheet.write(file, title, told), name=title)


@bp.post("/review/campaigns/<slug>/limits")
def add_limit(slug: str) -> Page:
    """Add a structure limit."""
    found, form = access.get_award_for_hr(slug), _form()
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
    """Remove a structure limit."""
    found = access.get_award_for_hr(slug)
    with unit_of_work():
        reports.drop_limit(found.id, limit_id, actor=current.actor())
    flash(_("结构要求已去掉。"), "plain")
    return redirect(url_for("report.report", slug=slug), 303)


def _form() -> LimitForm:
    return limit_form([(unit.id, unit.name) for unit in units.list_departments()])


def _groups(standing: StructureReport) -> list[tuple[str, list[tuple[str, int, int]]]]:
    """Each dimension's heading with its groups by name."""
    names = {str(unit.id): unit.name for unit in units.list_departments()}
    return [
        (screening_words.ABOUT[str(about)](), screening_view_models.grouped(standing, about, names))
        for about in GroupDimension
    ]


def _page(found: CampaignFacts, form: LimitForm) -> str:
    standing = reports.report(found)
    names = {str(unit.id): unit.name for unit in units.list_departments()}
    return render_template(
        "review/report/report.html",
        c=found,
        form=form,
        nominated=standing.nominated,
        candidates=standing.candidates,
        groups=_groups(standing),
        bars=[screening_view_models.limit_bar(found.slug, id_, bar, names) for id_, bar in standing.bars],
        side_nav=review_nav(found.slug),
    )
