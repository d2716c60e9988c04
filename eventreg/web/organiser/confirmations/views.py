"""Who was asked to confirm, and what they answered: figures, whom nothing reached, and what an organiser can do."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.plan import offer_terms
from eventreg.registrations.confirming import overview, silence
from eventreg.registrations.confirming import service as confirming
from eventreg.registrations.confirming.overview import Silence
from eventreg.registrations.confirming.rules import ConfirmFor
from eventreg.registrations.rules import RegistrationState
from eventreg.web.app import current
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.organiser import letters_first, organiser_scope
from eventreg.web.organiser.steps import save

from . import view_models
from .forms import OffersForm, offers_form

bp = Blueprint("confirmations", __name__)


@bp.get("/manage/campaigns/<slug>/confirmations")
def confirmations(slug: str) -> str:
    """Show the figures, and everybody who has not answered: those whom nothing reached first."""
    found = organiser_scope.get_campaign(slug)
    return _page(found, offers_form(found))


@bp.post("/manage/campaigns/<slug>/confirmations/offers")
def change_offers(slug: str) -> Page:
    """Change when freed places are offered, and for how long."""
    found = organiser_scope.get_campaign(slug)
    form = offers_form(found)
    hours, minutes = form.read()
    work = partial(
        offer_terms.change, found.id, hours=hours, minutes=minutes, seen=form.seen, actor=current.actor()
    )

    def told(_changed: bool) -> Response:
        flash(_("已保存。"), "seated")
        return _back(slug)

    return save(slug, form, work, partial(_page, found, form), tell=told)


def _page(found: CampaignFacts, form: OffersForm) -> str:
    now = current.now()
    lines = overview.list_open(found, now=now)
    return render_template(
        "organiser/confirmations/confirmations.html",
        c=found,
        form=form,
        begun=now >= found.begins_at,
        moved=view_models.tallies(overview.figures_of(found, ConfirmFor.MOVE, now=now), found),
        offered=view_models.tallies(overview.figures_of(found, ConfirmFor.OFFER, now=now), found),
        groups=view_models.groups(lines, found),
        held=0 if silence.awaits_resuming() else sum(line.why is Silence.HELD for line in lines),
        side_nav=organiser_nav(found.slug, draft=not found.published),
    )


@bp.post("/manage/campaigns/<slug>/confirmations/<int:registration_id>")
def confirm(slug: str, registration_id: int) -> Response:
    """Confirm for somebody who has said that they come; pressed twice, it happens once."""
    found = organiser_scope.get_campaign(slug)
    work = partial(confirming.confirm_by_hand, registration_id, found.id, actor=current.actor())
    done = letters_first.change(found, work, back=partial(_back, slug))
    if done.state is RegistrationState.WITHDRAWN:
        flash(_("这份报名已经退出，没有再办。"), "plain")
    elif done.confirmed_at is not None:
        flash(_("已代为确认。"), "seated")
    return _back(slug)


@bp.post("/manage/campaigns/<slug>/confirmations/end")
def end_held(slug: str) -> Response:
    """End the places that are kept because the server stood still; the next people are seated."""
    found = organiser_scope.get_campaign(slug)
    work = partial(confirming.end_held, found.id, actor=current.actor())
    ended = letters_first.change(found, work, back=partial(_back, slug))
    flash(ngettext("已收回 %(num)s 个名额。", "已收回 %(num)s 个名额。", ended), "plain")
    return _back(slug)


def _back(slug: str) -> Response:
    return redirect(url_for("confirmations.confirmations", slug=slug), 303)
