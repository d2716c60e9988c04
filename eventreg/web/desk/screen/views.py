"""The full-screen page of a screen. Whoever has the link sees it: it shows what the screen shows."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template, request, url_for
from werkzeug.wrappers import Response

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.errors import NotFound
from eventreg.venue.screens import service
from eventreg.venue.screens.service import ScreenFacts
from eventreg.web.app import current

from . import view_models

bp = Blueprint("screen", __name__)


@bp.get("/screen/<token>")
def show(token: str) -> str:
    """The full-screen page; its script asks for the state every two seconds."""
    screen, campaign = _shown(token)
    return render_template(
        "desk/screen/screen.html",
        c=campaign,
        pages=view_models.pages_of(screen, campaign, now=current.now()),
        state_url=url_for("screen.state", token=token),
        now=current.now(),
    )


@bp.get("/screen/<token>/state")
def state(token: str) -> Response:
    """What the screen shows: `{"pages": [{"widget", "html"}]}`, 304 while nothing changes.

    The header `Server-Time` tells our clock, so that a screen with a wrong clock counts right.
    """
    screen, campaign = _shown(token)
    pages = view_models.pages_of(screen, campaign, now=current.now())
    answer = jsonify(pages=pages)
    answer.set_etag(view_models.etag_of(pages))
    answer.make_conditional(request)
    answer.headers["Server-Time"] = current.now().isoformat()
    return answer


def _shown(token: str) -> tuple[ScreenFacts, CampaignFacts]:
    screen = service.find(token, now=current.now())
    if screen is None:
        raise NotFound("screen")
    return screen, campaigns.campaign_by_id(screen.campaign_id)
