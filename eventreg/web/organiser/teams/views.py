"""Teams of a contest, as its organisers form them, fill them up at the start line, and note how they flew."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.core.cells import csv_text
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.reports import team_sheets
from eventreg.venue.teams import drawing, flights, forming, reading, start_line
from eventreg.venue.teams import round as rounds
from eventreg.venue.teams.reading import TeamsOfActivity
from eventreg.venue.teams.rules import Formed
from eventreg.web.app import current, paging
from eventreg.web.app.attachments import made_here
from eventreg.web.app.numbers import whole_number
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.web.organiser import organiser_scope

from . import forms, view_models
from .forms import FlightsForm, FormTeamsForm, MembersForm, StartLineForm

bp = Blueprint("teams", __name__)


@bp.get("/manage/campaigns/<slug>/teams")
def teams(slug: str) -> str:
    """Show the teams, who is left over, the draw and the round."""
    found = organiser_scope.get_published(slug)
    contests = reading.contests_of(found)
    if not contests:
        return render_template("organiser/teams/none.html", c=found, side_nav=organiser_nav(slug))
    activity = _contest(found)
    return _teams_page(found, activity, reading.teams_of(found, activity))


@bp.post("/manage/campaigns/<slug>/teams")
def form_teams(slug: str) -> Page:
    """Form the teams anew; for a draw, publish the hash of its seed first."""
    found = organiser_scope.get_published(slug)
    activity = _contest(found)
    before = reading.teams_of(found, activity)
    form = _form(found, before)
    how, among, question = form.read()
    if form.errors:
        return _teams_page(found, activity, before, form), 422
    actor = current.actor()
    with saying_at(form, "how"), unit_of_work():
        if how is Formed.DRAW:
            drawing.prepare(found.id, activity.id, among, actor=actor)
            flash(_("种子的指纹已公布。看过参加的人，再按“抽签”。"), "plain")
        else:
            seen = form.version.data
            built = forming.form(found.id, activity.id, how, among, question=question, seen=seen, actor=actor)
            flash(ngettext("编好了 %(num)s 组。", "编好了 %(num)s 组。", len(built.teams)), "seated")
            if built.unmet:
                flash(
                    ngettext("有 %(num)s 个意愿没能满足。", "有 %(num)s 个意愿没能满足。", len(built.unmet)),
                    "waiting",
                )
    if form.errors:
        form.version.data = reading.teams_of(found, activity).version
        return _teams_page(found, activity, reading.teams_of(found, activity), form), 409
    wish = question if how is Formed.WISH else None
    return _back(slug, activity, wishes=wish)


@bp.post("/manage/campaigns/<slug>/teams/draw")
def make_draw(slug: str) -> Page:
    """Make a draw that was prepared; pressed twice, it happens once."""
    found = organiser_scope.get_published(slug)
    activity = _contest(found)
    form = _form(found, reading.teams_of(found, activity))
    with saying_at(form, "how"), unit_of_work():
        drawing.make(found.id, _prepared(), actor=current.actor())
        flash(_("抽好了，种子已公布。"), "seated")
    if form.errors:
        return _teams_page(found, activity, reading.teams_of(found, activity), form), 409
    return _back(slug, activity)


@bp.post("/manage/campaigns/<slug>/teams/round")
def change_round(slug: str) -> Page:
    """Start the round, or take its start back."""
    found = organiser_scope.get_published(slug)
    activity = _contest(found)
    form = _form(found, reading.teams_of(found, activity))
    with saying_at(form, "how"), unit_of_work():
        if request.form.get("undo"):
            rounds.undo(found.id, activity.id, actor=current.actor())
            flash(_("已撤回开始。"), "plain")
        else:
            rounds.start(found.id, activity.id, actor=current.actor())
            flash(_("开始计时。"), "seated")
    if form.errors:
        return _teams_page(found, activity, reading.teams_of(found, activity), form), 409
    return _back(slug, activity)


@bp.route("/manage/campaigns/<slug>/teams/members", methods=["GET", "POST"])
def members(slug: str) -> Page:
    """Put people into teams by hand."""
    found = organiser_scope.get_published(slug)
    activity = _contest(found)
    before = reading.teams_of(found, activity)
    form = forms.members_form(before, reading.list_seated(found))
    if request.method == "GET":
        return _members_page(found, before, form)
    wanted = form.read(before.shape.teams)
    if form.errors:
        return _members_page(found, before, form), 422
    seen, short = form.version.data, bool(form.short.data)
    with saying_at(form, fields={"grouping.too_small": "short"}), unit_of_work():
        forming.change(found.id, activity.id, wanted, seen=seen, short=short, actor=current.actor())
    if form.errors:
        form.version.data = reading.teams_of(found, activity).version
        return _members_page(found, before, form), 409
    flash(_("分组已保存。"), "seated")
    return _back(slug, activity)


@bp.route("/manage/campaigns/<slug>/teams/start-line", methods=["GET", "POST"])
def stand_in(slug: str) -> Page:
    """Take out somebody whom nobody has seen, and enter the next of the waiting list who stands there."""
    found = organiser_scope.get_published(slug)
    form = _start_line_form(found)
    if request.method == "GET":
        return _start_line_page(found, form)
    absent, standing = form.read()
    if form.errors:
        return _start_line_page(found, form), 422
    with saying_at(form), unit_of_work():
        done = start_line.stand_in(found.id, absent, standing, actor=current.actor())
    if form.errors:
        return _start_line_page(found, form), 409
    names = reading.persons_of(found, done.entered)
    entered = _("、").join(names[id_].name for id_ in done.entered)
    flash(_("补上了：%(names)s。票已发出，请到签到处扫码。", names=entered), "seated")
    return redirect(url_for("teams.stand_in", slug=slug), 303)


@bp.route("/manage/campaigns/<slug>/teams/flights", methods=["GET", "POST"])
def note_flights(slug: str) -> Page:
    """Note who flew and how high."""
    found = organiser_scope.get_published(slug)
    activity = _contest(found)
    before = reading.teams_of(found, activity)
    form = forms.flights_form(before)
    if request.method == "GET":
        return _flights_page(found, before, form)
    typed, equal = form.read()
    if form.errors:
        return _flights_page(found, before, form), 422
    with saying_at(form), unit_of_work():
        flights.save(found.id, activity.id, typed, equal=equal, seen=form.version.data, actor=current.actor())
    if form.errors:
        form.version.data = reading.teams_of(found, activity).version
        return _flights_page(found, before, form), 409
    flash(_("成绩已保存。"), "seated")
    return redirect(url_for("teams.note_flights", slug=slug, activity=activity.id), 303)


@bp.get("/manage/campaigns/<slug>/teams.csv")
def export(slug: str) -> Response:
    """Send the teams as a CSV file."""
    found = organiser_scope.get_published(slug)
    shown = reading.teams_of(found, _contest(found))
    rows = team_sheets.team_rows(shown, flights.performers_in(shown))
    name = _("%(title)s 分组", title=found.title)
    back = url_for("teams.teams", slug=slug)
    return made_here(partial(csv_text, rows, excel=True), name=f"{name}.csv", kind="csv", back=back)


def _contest(found: CampaignFacts) -> ActivityFacts:
    """The contest that the address names, else the first one. Raises NotFound."""
    return reading.get_contest(found, paging.number(request.args, "activity") or None)


def _prepared() -> int:
    """The id of the draw that the page showed. Raises Refused("lots.prepare_again") without one."""
    draw_id = whole_number(request.form.get("draw"))
    if not draw_id:
        raise Refused("lots.prepare_again")
    return draw_id


def _form(found: CampaignFacts, shown: TeamsOfActivity) -> FormTeamsForm:
    persons = reading.list_seated(found)
    here = sum(one.came_at is not None for one in persons)
    return forms.form_teams_form(shown, campaigns.entry_for(found).questions, here)


def _start_line_form(found: CampaignFacts) -> StartLineForm:
    free = found.total.free if found.total else None
    return forms.start_line_form(start_line.list_unseen(found), start_line.list_waiting(found.id), free)


def _back(slug: str, activity: ActivityFacts, wishes: str | None = None) -> Response:
    return redirect(url_for("teams.teams", slug=slug, activity=activity.id, wishes=wishes), 303)


def _teams_page(
    found: CampaignFacts, activity: ActivityFacts, shown: TeamsOfActivity, form: FormTeamsForm | None = None
) -> str:
    performing = flights.performers_in(shown)
    wishes = request.args.get("wishes", "")
    return render_template(
        "organiser/teams/teams.html",
        c=found,
        activity=activity,
        t=view_models.teams_view(shown, performing),
        noted=any(team.flight.flown is not None for team in shown.teams),
        performing=view_models.performers_words(performing),
        form=form or _form(found, shown),
        formable=not shown.locked and all(team.flight.flown is None for team in shown.teams),
        prepared=drawing.find_prepared(activity.id),
        round=view_models.round_view(rounds.current(activity.id), found, shown.contest.limit_min),
        wishes=view_models.wishes_view(found, shown, wishes) if wishes else None,
        others=[one for one in reading.contests_of(found) if one.id != activity.id],
        side_nav=organiser_nav(found.slug),
    )


def _members_page(found: CampaignFacts, shown: TeamsOfActivity, form: MembersForm) -> str:
    return render_template(
        "organiser/teams/members.html",
        c=found,
        activity=shown.activity,
        shape=shown.shape,
        form=form,
        side_nav=organiser_nav(found.slug),
    )


def _start_line_page(found: CampaignFacts, form: StartLineForm) -> str:
    return render_template(
        "organiser/teams/start_line.html",
        c=found,
        form=form,
        over=current.now() >= found.ends_at,
        side_nav=organiser_nav(found.slug),
    )


def _flights_page(found: CampaignFacts, shown: TeamsOfActivity, form: FlightsForm) -> str:
    return render_template(
        "organiser/teams/flights.html",
        c=found,
        activity=shown.activity,
        form=form,
        performing=view_models.performers_words(flights.performers_in(shown)) if shown.teams else "",
        side_nav=organiser_nav(found.slug),
    )
