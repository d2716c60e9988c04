"""Change the dates of a campaign: fill in, look at the preview, send."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.errors import NotFound
from eventreg.web.app import current
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.organiser import organiser_scope
from eventreg.web.organiser.letters_first import Step, step_asked

from . import forms, sending
from .forms import MoveForm
from .sending import AskedMove

bp = Blueprint("moves", __name__)


@bp.get("/manage/campaigns/<slug>/move")
def move(slug: str) -> str:
    """Show the dates as they are, to be changed."""
    found = _get(slug)
    return _page(found, forms.move_form(found, now=current.now()))


@bp.post("/manage/campaigns/<slug>/move")
def send(slug: str) -> Page:
    """Show the preview of what was filled in; sent from there, change the dates and write to everybody."""
    found = _get(slug)
    form = forms.move_form(found, now=current.now())
    wanted = form.read(found.zone)
    if form.errors or step_asked() is Step.EDIT:
        return _page(found, form), 422 if form.errors else 200
    asked = AskedMove(found, wanted, form, url_for("moves.send", slug=slug))
    answer = sending.preview_or_send(asked, done=lambda: _done(slug))
    return answer if not form.errors else (_page(found, form), 409)


def _get(slug: str) -> CampaignFacts:
    """The campaign, if it is published and takes sign-ups. Raises NotFound."""
    found = organiser_scope.get_campaign(slug)
    if not found.published or not found.activities:
        raise NotFound("campaign")
    return found


def _done(slug: str) -> Response:
    return redirect(url_for("confirmations.confirmations", slug=slug), 303)


def _page(found: CampaignFacts, form: MoveForm) -> str:
    return render_template(
        "organiser/moves/move.html",
        c=found,
        form=form,
        begun=[a for a in found.activities if a not in form.activities],
        side_nav=organiser_nav(found.slug),
    )
