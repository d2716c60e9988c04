"""Who did what and when to a campaign or to a registration in it, for its organisers."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from eventreg.history import trails
from eventreg.registrations.by_hand import acts
from eventreg.venue import attendance
from eventreg.web.app import paging, records
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.organiser import organiser_scope

bp = Blueprint("history", __name__)


@bp.get("/manage/campaigns/<slug>/history")
def campaign(slug: str) -> str:
    """Show the history of a campaign with its phones and roles."""
    found = organiser_scope.get_campaign(slug)
    trail = trails.of_campaign(found.id, before=paging.number(request.args, "before") or None)
    more = url_for("history.campaign", slug=slug, before=trail.more_before) if trail.more_before else None
    entries = records.told(trail, of_campaign=True)
    return render_template(
        "organiser/history/campaign.html",
        c=found,
        entries=entries,
        more_url=more,
        side_nav=organiser_nav(slug),
    )


@bp.get("/manage/campaigns/<slug>/registrations/<int:registration_id>/history")
def registration(slug: str, registration_id: int) -> str:
    """Show the history of a registration with every scan of its tickets."""
    found = organiser_scope.get_campaign(slug)
    trail = trails.of_registration(registration_id, campaign_id=found.id)
    entries = [*records.told(trail), *map(records.scanned, attendance.list_scans(registration_id))]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return render_template(
        "organiser/history/registration.html",
        c=found,
        entries=entries,
        notes=records.hand_notes(acts.list_of(registration_id)),
        side_nav=organiser_nav(slug),
    )
