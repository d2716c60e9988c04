"""Take somebody out of a campaign, with a reason."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from eventreg.campaigns.facts import CampaignFacts
from eventreg.registrations import ending
from eventreg.registrations.by_hand.rules import HandActKind
from eventreg.registrations.rules import RegistrationState
from eventreg.web.app import current
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.hand_form import HandForm
from eventreg.web.organiser import letters_first, organiser_scope

from . import forms

bp = Blueprint("removals", __name__)


@bp.get("/manage/campaigns/<slug>/registrations/<int:registration_id>/removal")
def removal(slug: str, registration_id: int) -> str:
    """Show whom it is about and what follows, with the reasons."""
    return _page(organiser_scope.get_campaign(slug), registration_id, forms.removal_form())


@bp.post("/manage/campaigns/<slug>/registrations/<int:registration_id>/removal")
def take_out(slug: str, registration_id: int) -> Page:
    """Take them out once the letters were seen; pressed twice, it happens once."""
    found, form = organiser_scope.get_campaign(slug), forms.removal_form()
    reason, note = form.chosen(HandActKind.TAKE_OUT), form.noted()
    if form.errors:
        return _page(found, registration_id, form), 422
    work = partial(ending.take_out, registration_id, found.id, reason, note=note, actor=current.actor())
    before = letters_first.change(found, work, back=partial(_page, found, registration_id, form))
    gone = before is RegistrationState.WITHDRAWN
    flash(_("这份报名已经退出，没有再办。") if gone else _("已办理退出。"), "plain" if gone else "seated")
    return redirect(url_for("history.registration", slug=slug, registration_id=registration_id), 303)


def _page(found: CampaignFacts, registration_id: int, form: HandForm) -> str:
    return render_template(
        "organiser/removals/removal.html",
        c=found,
        r=ending.get_removable(registration_id, found.id),
        form=form,
        begun=current.now() >= found.begins_at,
        form_url=url_for("removals.take_out", slug=found.slug, registration_id=registration_id),
        side_nav=organiser_nav(found.slug),
    )
