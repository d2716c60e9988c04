"""Phones without a network, for organisers: what differs, who was let through, and the files of phones."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for

from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.db.session import unit_of_work
from eventreg.venue.offline import conflicts, let_in
from eventreg.web.app import current
from eventreg.web.app.numbers import whole_number
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.web.forms.uploaded import find_uploaded
from eventreg.web.organiser import organiser_scope

from . import view_models
from .bringing import BroughtFile, bring
from .forms import QueueForm, TakeOffForm, queue_form

bp = Blueprint("offline", __name__)


@bp.get("/manage/campaigns/<slug>/offline")
def offline(slug: str) -> str:
    """List the conflicts, with the form for a phone's file."""
    return _page(organiser_scope.get_published(slug), queue_form())


@bp.post("/manage/campaigns/<slug>/offline")
def import_queue(slug: str) -> Page:
    """Take the lines of a phone's file and say which could not be taken."""
    campaign, form = organiser_scope.get_published(slug), queue_form()
    uploaded = find_uploaded("file")
    if uploaded is None:
        form.say("file", "queue.no_file")
        return _page(campaign, form), 422
    brought = None
    with saying_at(form, "file"):
        brought = bring(uploaded.stream.read(), campaign, actor=current.actor())
    if brought is None:
        return _page(campaign, form), 422
    return _page(campaign, form, brought=brought)


@bp.post("/manage/campaigns/<slug>/offline/people")
def take_off(slug: str) -> Page:
    """Note that somebody who was let through is accounted for."""
    campaign, form = organiser_scope.get_published(slug), TakeOffForm()
    device_id = whole_number(request.form.get("device")) or 0
    with saying_at(form, "reason"), unit_of_work():
        let_in.take_off(
            device_id,
            request.form.get("nonce", ""),
            campaign_id=campaign.id,
            reason=(form.reason.data or "").strip(),
            actor=current.actor(),
        )
    if form.errors:
        return _page(campaign, queue_form(), taking_off=form), 422
    return redirect(url_for("offline.offline", slug=slug), 303)


def _page(
    campaign: CampaignFacts,
    form: QueueForm,
    *,
    brought: BroughtFile | None = None,
    taking_off: TakeOffForm | None = None,
) -> str:
    found = [view_models.line_of(one, campaign) for one in conflicts.list_of(campaign.id)]
    return render_template(
        "desk/offline/offline.html",
        side_nav=organiser_nav(campaign.slug),
        c=campaign,
        form=form,
        taking_off=taking_off,
        tried=(request.form.get("device", ""), request.form.get("nonce", "")),
        lines=found,
        brought=brought,
        refused=view_models.refused_lines(brought) if brought else [],
    )
