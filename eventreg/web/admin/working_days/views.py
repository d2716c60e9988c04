"""The pages of working days: a year's days off and worked weekends, as they come with the product or as staff enter them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.core.db.session import unit_of_work
from eventreg.core.working_days import service
from eventreg.core.working_days.service import YearFacts
from eventreg.web.app import current
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at

from .forms import YearForm, year_form

bp = Blueprint("working_days", __name__)

YEARS = range(2020, 2100)


@bp.get("/manage/working-days")
def this_year() -> Response:
    """Lead to the current year."""
    year = current.now().astimezone(ZoneInfo(current.settings().timezone)).year
    return redirect(url_for("working_days.year", number=year))


@bp.get("/manage/working-days/<int:number>")
def year(number: int) -> str:
    """Show a year's days."""
    found = _year(number)
    return _page(found, year_form(found))


@bp.post("/manage/working-days/<int:number>")
def save_year(number: int) -> Page:
    """Save a year's days; nothing is saved while a line is not understood."""
    found = _year(number)
    form = year_form(found)
    read = form.read(number)
    if form.errors:
        return _page(found, form), 422
    with saying_at(form, "days"), unit_of_work():
        service.save_year(
            number,
            read.days,
            complete=bool(form.complete.data),
            seen=form.version.data or "",
            actor=current.actor(),
        )
    if form.errors:
        return _page(found, form), 409
    flash(_("%(year)s 年的工作日历已保存。", year=number), "seated")
    return redirect(url_for("working_days.year", number=number), 303)


def _year(number: int) -> YearFacts:
    if number not in YEARS:
        abort(404)
    return service.year_facts(number)


def _page(found: YearFacts, form: YearForm) -> str:
    return render_template(
        "admin/working_days/year.html",
        form=form,
        year=found,
        years=sorted({*service.years_listed(), current.now().year, current.now().year + 1, found.year}),
        side_nav=organiser_nav(),
    )
