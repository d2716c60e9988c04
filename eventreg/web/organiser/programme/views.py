"""The forfeits of a campaign: who performs, in which order, what, and what became of it."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.cells import csv_text
from eventreg.core.db.session import unit_of_work
from eventreg.reports import team_sheets
from eventreg.venue.programme import forfeits as programme
from eventreg.venue.programme.forfeits import ForfeitList
from eventreg.web.app import current
from eventreg.web.app.attachments import made_here
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.web.organiser import organiser_scope
from eventreg.web.organiser.teams import view_models as team_view_models
from eventreg.words.day import team_words

from .forms import ForfeitsForm, forfeits_form

bp = Blueprint("programme", __name__)


@bp.route("/manage/campaigns/<slug>/forfeits", methods=["GET", "POST"])
def forfeits(slug: str) -> Page:
    """Show the list, to be printed too, and save title, order and end of each forfeit."""
    found = organiser_scope.get_published(slug)
    shown = programme.list_of(found)
    form = forfeits_form(shown)
    if request.method == "GET":
        return _page(found, shown, form)
    typed = form.read()
    if form.errors:
        return _page(found, shown, form), 422
    with saying_at(form), unit_of_work():
        programme.save(found.id, typed, seen=form.version.data, actor=current.actor())
    if form.errors:
        shown = programme.list_of(found)
        form.version.data = shown.version
        return _page(found, shown, form), 409
    flash(_("节目单已保存。"), "seated")
    return redirect(url_for("programme.forfeits", slug=slug), 303)


@bp.get("/manage/campaigns/<slug>/forfeits.csv")
def export(slug: str) -> Response:
    """Send the list as a CSV file."""
    found = organiser_scope.get_published(slug)
    rows = team_sheets.forfeit_rows(programme.list_of(found))
    name, back = _("%(title)s 节目单", title=found.title), url_for("programme.forfeits", slug=slug)
    return made_here(partial(csv_text, rows, excel=True), name=f"{name}.csv", kind="csv", back=back)


def _page(found: CampaignFacts, shown: ForfeitList, form: ForfeitsForm) -> str:
    lines = [
        (
            team_words.performers(line.team, line.team_name, [one.name for one in line.people]),
            line.forfeit.item.title,
            str(line.forfeit.item.state),
            team_words.item_state(line.forfeit.item.state),
            line.forfeit.item.reason,
        )
        for line in shown.lines
        if line.forfeit.owed
    ]
    unknown = [
        f"{activity.title}{_('：')}{team_view_models.performers_words(who)}"
        for activity, who in shown.unknown
    ]
    return render_template(
        "organiser/programme/forfeits.html",
        c=found,
        lines=lines,
        unknown=unknown,
        form=form,
        side_nav=organiser_nav(found.slug),
    )
