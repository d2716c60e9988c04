"""The screens of a campaign: an organiser makes and removes them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eventreg.campaigns.check_points import service as check_points
from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.db.session import unit_of_work
from eventreg.venue.screens import service
from eventreg.venue.screens.rules import ScreenNames
from eventreg.web.app import current
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.web.organiser import organiser_scope
from eventreg.words import venue_words
from eventreg.words.day import screen_words

from .forms import ScreenForm, screen_form

bp = Blueprint("screens", __name__)


@dataclass(frozen=True, slots=True)
class MadeScreen:
    """A new screen and its link, shown once."""

    name: str
    link: str


@bp.get("/manage/campaigns/<slug>/screens")
def screens(slug: str) -> str:
    """List the screens of a campaign, with the form that makes one."""
    campaign = organiser_scope.get_published(slug)
    return _page(campaign, screen_form(check_points.offered(campaign)))


@bp.post("/manage/campaigns/<slug>/screens")
def make(slug: str) -> Page:
    """Make a screen and show its link once."""
    campaign = organiser_scope.get_published(slug)
    form = screen_form(check_points.offered(campaign))
    token = ""
    with saying_at(form, "name"), unit_of_work():
        token = service.make(campaign, form.read(), actor=current.actor())
    if not token:
        return _page(campaign, form), 422
    link = f"{current.settings().base_url}{url_for('screen.show', token=token)}"
    blank = screen_form(check_points.offered(campaign), blank=True)
    return _page(campaign, blank, MadeScreen(form.name.data or "", link))


@bp.post("/manage/campaigns/<slug>/screens/<int:screen_id>/removal")
def remove(slug: str, screen_id: int) -> Response:
    """Take a screen away; its link shows nothing any more."""
    campaign = organiser_scope.get_published(slug)
    with unit_of_work():
        service.revoke(screen_id, campaign_id=campaign.id, actor=current.actor())
    return redirect(url_for("screens.screens", slug=slug), 303)


def _page(campaign: CampaignFacts, form: ScreenForm, made: MadeScreen | None = None) -> str:
    points = {point.code: point.name for point in check_points.list_of(campaign.id)}
    return render_template(
        "organiser/screens/screens.html",
        side_nav=organiser_nav(campaign.slug),
        c=campaign,
        form=form,
        made=made,
        screens=[
            {
                "name": screen.name,
                "widgets": [screen_words.widget(str(widget)) for widget in screen.widgets],
                "full": screen.names is ScreenNames.FULL,
                "point": screen.check_point
                and venue_words.point(screen.check_point, points.get(screen.check_point, "")),
                "remove_url": url_for("screens.remove", slug=campaign.slug, screen_id=screen.id),
            }
            for screen in service.list_of(campaign.id, now=current.now())
        ],
    )
