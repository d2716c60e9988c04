"""The administrator's page of the season that campaigns belong to."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from eventreg.campaigns import seasons
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import SeasonFacts
from eventreg.core.db.session import unit_of_work
from eventreg.web.app import current, pages
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at

from .forms import SeasonForm, season_form

bp = Blueprint("seasons", __name__)

WOMEN_S_DAY = (3, 8)


@bp.get("/manage/season")
def season() -> str:
    """Show the form of the season, or of the first one to be made."""
    found = campaigns.find_season()
    return _page(found, season_form(found, _suggested()))


@bp.post("/manage/season")
def save_season() -> Page:
    """Make the first season, or change the current one."""
    found = campaigns.find_season()
    form = season_form(found, _suggested())
    wanted = form.read(current.now())
    if form.errors:
        return _page(found, form), 422
    with saying_at(form, version=_version), unit_of_work():
        if found is None:
            seasons.make_first(wanted, actor=current.actor())
        else:
            seasons.change(found.id, wanted, seen=form.seen, actor=current.actor())
    if form.errors:
        return _page(found, form), 409
    pages.forget_site()
    flash(_("活动季已保存。"), "seated")
    return redirect(url_for("manage.overview"), 303)


def _page(found: SeasonFacts | None, form: SeasonForm) -> str:
    return render_template(
        "admin/seasons/season.html", form=form, made=found is not None, side_nav=organiser_nav()
    )


def _version() -> int:
    season = campaigns.find_season()
    return season.version if season else 0


def _suggested() -> dict[str, str]:
    """Suggestions for a first season."""
    today = current.now().astimezone(ZoneInfo(current.settings().timezone)).date()
    this_year = date(today.year, *WOMEN_S_DAY)
    day = this_year if today <= this_year else date(today.year + 1, *WOMEN_S_DAY)
    return {
        "title": _("%(year)s 年三八国际妇女节", year=day.year),
        "day": day.isoformat(),
        "brand": "",
        "owner": "",
        "phone": "",
        "headline": _("三月，一起走到户外去"),
        "lead": _("活动按日期排好了。想参加哪一项，点开就能报名。"),
    }
