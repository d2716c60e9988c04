"""Coming in by the code on the wall: whoever opened one presses one button."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, render_template, session

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.check_points import service as check_points
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.people import service as people
from eventreg.venue.rules import ScanVerdict
from eventreg.venue.screens import wall
from eventreg.venue.screens.wall import OPENED, Opened
from eventreg.web.app import current
from eventreg.web.app.view_types import Page
from eventreg.words import refusals, times, venue_words

bp = Blueprint("arrival", __name__)


@bp.get("/arrival")
def confirm() -> Page:
    """Show where the person is about to check in, with the button."""
    try:
        screen = wall.screen_of(_opened(), now=current.now())
    except Refused as refused:
        return _refused(refused), 410
    campaign = campaigns.campaign_by_id(screen.campaign_id)
    point = check_points.find(campaign.id, screen.check_point or "")
    return render_template(
        "employee/arrival/confirm.html",
        c=campaign,
        point=venue_words.point(screen.check_point or "", point.name if point else ""),
        name=people.person_facts(current.person_id()).name,
    )


@bp.post("/arrival")
def check_in() -> Page:
    """Check the person in; pressed twice, the answer is the same."""
    try:
        with unit_of_work():
            result = wall.check_in(_opened(), current.person_id(), keys=current.keys(), now=current.now())
        screen = wall.screen_of(_opened(), now=current.now())
    except Refused as refused:
        return _refused(refused), 422
    campaign = campaigns.campaign_by_id(screen.campaign_id)
    at = times.clock(result.first_at.astimezone(campaign.zone)) if result.first_at else ""
    page = render_template(
        "employee/arrival/checked_in.html",
        c=campaign,
        kind=str(result.verdict),
        name=people.person_facts(current.person_id()).name,
        at=at,
        door=screen.name,
        why=refusals.say(result.reason, {}) if result.reason else "",
    )
    return page, 422 if result.verdict is ScanVerdict.REFUSED else 200


def _opened() -> Opened | None:
    """What this browser opened; None for a cookie without it."""
    kept = session.get(OPENED)
    if not (isinstance(kept, list) and len(kept) == 2):
        return None
    return Opened(int(kept[0]), datetime.fromtimestamp(float(kept[1]), tz=UTC))


def _refused(refused: Refused) -> str:
    return render_template(
        "employee/arrival/refused.html", why=refusals.say(refused.code, dict(refused.facts))
    )
