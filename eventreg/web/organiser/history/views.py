"""Who did what and when to a campaign or to a registration in it, for its organisers."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from eventreg.campaigns import service as campaigns
from eventreg.history import trails
from eventreg.registrations import roster
from eventreg.registrations.by_hand import acts
from eventreg.venue import attendance
from eventreg.web.app import paging, records
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.organiser import organiser_scope
from eventreg.web.organiser.manage import view_models as manage_view_models
from eventreg.words.registration_words import asked_label

bp = Blueprint("history", __name__)


@bp.get("/manage/campaigns/<slug>/history")
def campaign(slug: str) -> str:
    """Show the history of a campaign with its phones and roles."""
    found = organiser_scope.get_campaign(slug)
    trail = trails.of_campaign(found.id, before=paging.number(request.args, "before") or None)
    more = url_for("history.campaign", slug=slug, before=trail.more_before) if trail.more_before else None
    entries = records.told(trail, of_campaign=True, zone=found.zone)
    return render_template(
        "organiser/history/campaign.html",
        c=found,
        entries=entries,
        more_url=more,
        side_nav=organiser_nav(slug, draft=not found.published),
    )


@bp.get("/manage/campaigns/<slug>/registrations/<int:registration_id>/history")
def registration(slug: str, registration_id: int) -> str:
    """Show a registration: its answers, what can be done with it, and its history with every scan of its tickets."""
    found = organiser_scope.get_campaign(slug)
    trail = trails.of_registration(registration_id, campaign_id=found.id)
    questions = campaigns.entry_for(found).answered
    line, visits = roster.get_line(registration_id, found.id), attendance.list_visits([registration_id])
    row = manage_view_models.row(line, found, questions, visits.get(registration_id, ()))
    entries = [*records.told(trail), *map(records.scanned, attendance.list_scans(registration_id))]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return render_template(
        "organiser/history/registration.html",
        c=found,
        line=line,
        r=row,
        answers=[pair for pair in zip(map(asked_label, questions), row.answers, strict=True) if pair[1]],
        entries=entries,
        notes=records.hand_notes(acts.list_of(registration_id)),
        side_nav=organiser_nav(slug),
    )
