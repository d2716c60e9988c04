"""Replace a ticket that was lost or copied."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.core.errors import Refused
from eventreg.registrations import reissuing
from eventreg.web.app import current, paging
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.organiser import letters_first, organiser_scope
from eventreg.words import refusals, times

bp = Blueprint("tickets", __name__)


@bp.get("/manage/campaigns/<slug>/registrations/<int:registration_id>/ticket")
def ticket(slug: str, registration_id: int) -> str:
    """Show the holder, when the ticket was issued, and the button that replaces it."""
    found = organiser_scope.get_campaign(slug)
    held = reissuing.get_in_force(registration_id, found.id)
    return render_template(
        "organiser/tickets/ticket.html",
        c=found,
        t=held,
        issued_at=times.moment_full(held.issued_at.astimezone(found.zone)),
        form_url=url_for("tickets.reissue", slug=slug, registration_id=registration_id),
        side_nav=organiser_nav(slug),
    )


@bp.post("/manage/campaigns/<slug>/registrations/<int:registration_id>/ticket")
def reissue(slug: str, registration_id: int) -> Response:
    """Issue a new ticket once the letter was seen; pressed twice, one is issued."""
    found = organiser_scope.get_campaign(slug)
    serial = paging.number(request.form, "serial")
    work = partial(reissuing.reissue, registration_id, found.id, seen=serial, actor=current.actor())
    try:
        new = letters_first.change(found, work, back=partial(ticket, slug, registration_id))
    except Refused as refused:
        if refused.code != "reissue.no_ticket":
            raise
        flash(refusals.say(refused.code, refused.facts), "refused")
        return redirect(url_for("manage.roster", slug=slug), 303)
    said = _("新票已发出，原来的票不能再用。") if new else _("这张票刚刚换过，没有再换。")
    flash(said, "seated" if new else "plain")
    return redirect(url_for("history.registration", slug=slug, registration_id=registration_id), 303)
