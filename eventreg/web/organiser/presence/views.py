"""The roll call of the day: who is here, who is not yet, and whom to call; with the button that declares scans a try."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from eventreg.campaigns import checks
from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.reports import day_sheets
from eventreg.venue import roll_call
from eventreg.venue.walk import readings, starts
from eventreg.web.app import current
from eventreg.web.app.attachments import made_here
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.organiser import organiser_scope
from eventreg.web.organiser.walk.view_models import let_in_row
from eventreg.web.organiser.walk.views import REASON_MOST, take_off
from eventreg.words import refusals, times, venue_words

bp = Blueprint("presence", __name__)


@bp.get("/manage/campaigns/<slug>/presence")
def presence(slug: str) -> str:
    """Show who is here and who is not yet, by unit, with the numbers at each check point."""
    return _page(organiser_scope.get_published(slug))


@bp.post("/manage/campaigns/<slug>/presence")
def act(slug: str) -> Page:
    """Do what the pressed button says: declare the scans so far a try, take somebody off, export."""
    campaign = organiser_scope.get_published(slug)
    if request.form.get("act") == "export":
        return _export(campaign)
    try:
        ACTS.get(request.form.get("act", ""), _unknown)(campaign)
    except Refused as refused:
        return _page(campaign, refused), 409
    return redirect(url_for("presence.presence", slug=slug), 303)


def _declare_try(campaign: CampaignFacts) -> None:
    typed = request.form.get("reason", "")
    if not typed.strip():
        raise Refused("time_fix.no_reason")
    reason = checks.line(typed, most=REASON_MOST)
    with unit_of_work():
        people = starts.declare_try(campaign.id, reason, actor=current.actor())
    flash(
        ngettext("以前扫的都算试扫，共 %(num)s 人。", "以前扫的都算试扫，共 %(num)s 人。", people), "seated"
    )


def _unknown(_campaign: CampaignFacts) -> None:
    raise Refused("typed.choice")


ACTS: dict[str, Callable[[CampaignFacts], None]] = {"off": take_off, "try": _declare_try}


def _export(campaign: CampaignFacts) -> Response:
    def make() -> bytes:
        content, count = day_sheets.presence_csv(campaign, now=current.now())
        with unit_of_work():
            day_sheets.note_presence_export(campaign.id, count, actor=current.actor())
        return content

    name = _("%(title)s 到场情况", title=campaign.title)
    back = url_for("presence.presence", slug=campaign.slug)
    return made_here(make, name=f"{name}.csv", kind="csv", back=back)


def _page(campaign: CampaignFacts, refused: Refused | None = None) -> str:
    now = current.now()
    board = roll_call.call(campaign, now=now)
    names = {point.code: venue_words.point(point.code, point.name) for point, _count in board.points}
    return render_template(
        "organiser/presence/presence.html",
        c=campaign,
        board=board,
        day=times.day(board.day),
        at=times.moment(now.astimezone(campaign.zone)),
        counts=[(names[point.code], count) for point, count in board.points],
        names=names,
        hike=bool(readings.list_hikes(campaign)),
        let_in=[let_in_row(one, campaign.zone) for one in board.let_in],
        refused=refusals.say(refused.code, refused.facts) if refused else "",
        sent=request.form,
        reason_most=REASON_MOST,
        form_url=url_for("presence.act", slug=campaign.slug),
        side_nav=organiser_nav(campaign.slug),
    )
