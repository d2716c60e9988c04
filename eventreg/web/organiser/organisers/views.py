"""The organisers of a campaign: add others, and end their roles."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.history import trails
from eventreg.people import service as people
from eventreg.season import granting
from eventreg.web.app import current, records
from eventreg.web.app.records import Record
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.web.organiser import organiser_scope
from eventreg.words import refusals

from . import forms
from .forms import OrganiserForm

bp = Blueprint("organisers", __name__)


@bp.get("/manage/campaigns/<slug>/organisers")
def organisers(slug: str) -> str:
    """List the organisers, with the form that adds one."""
    return _page(organiser_scope.get_campaign(slug), forms.organiser_form())


@bp.post("/manage/campaigns/<slug>/organisers")
def name(slug: str) -> Page:
    """Add an organiser by staff number."""
    campaign, form = organiser_scope.get_campaign(slug), forms.organiser_form()
    staff_no, (since, until) = (form.staff_no.data or "").strip(), form.period()
    if not staff_no:
        form.say("staff_no", "answer.missing")
    if form.errors:
        return _page(campaign, form), 422
    with saying_at(form, "staff_no", fields={"grant.period": "until"}), unit_of_work():
        found = people.get_person_by_staff_no(staff_no)
        new = granting.give(
            found.id,
            Role.ORGANISER,
            unit_id=None,
            slug=slug,
            actor=current.actor(),
            since=since,
            until=until,
        )
    if form.errors:
        return _page(campaign, form), 422
    said = _("%(name)s现在是组织者。", name=found.name)
    flash(said if new else _("这个角色现在就有，不用再授予"), "seated" if new else "plain")
    return redirect(url_for("organisers.organisers", slug=slug), 303)


@bp.post("/manage/campaigns/<slug>/organisers/<int:grant_id>/end")
def end(slug: str, grant_id: int) -> Page:
    """End an organiser's role; the last organiser cannot be removed."""
    campaign = organiser_scope.get_campaign(slug)
    only = {Role.ORGANISER}
    try:
        with unit_of_work():
            campaign_grants.end(grant_id, campaign_id=campaign.id, actor=current.actor(), roles=only)
    except Refused as refused:
        flash(refusals.say(refused.code, refused.facts), "refused")
        return _page(campaign, forms.organiser_form(blank=True)), 409
    flash(_("角色已收回，马上生效。"), "plain")
    return redirect(url_for("organisers.organisers", slug=slug), 303)


def _page(campaign: CampaignFacts, form: OrganiserForm) -> str:
    return render_template(
        "organiser/organisers/organisers.html",
        c=campaign,
        form=form,
        organisers=_organisers(campaign),
        side_nav=organiser_nav(campaign.slug, draft=not campaign.published),
    )


def _organisers(campaign: CampaignFacts) -> list[Record]:
    held = [
        one for one in campaign_grants.list_in(campaign.id, now=current.now()) if one.role is Role.ORGANISER
    ]
    names = trails.names_of([one.by for one in held] + [f"person:{one.person_id}" for one in held])
    return [
        records.organiser(
            one, names=names, form_url=url_for("organisers.end", slug=campaign.slug, grant_id=one.id)
        )
        for one in held
    ]
