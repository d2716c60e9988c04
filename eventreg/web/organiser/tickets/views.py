"""An organiser replaces somebody's ticket: it was lost, or somebody else has a copy of it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.registrations import reissuing
from eventreg.web.app import current, paging
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.organiser import organiser_scope
from eventreg.words import refusals, times

bp = Blueprint("tickets", __name__)


@bp.get("/manage/campaigns/<slug>/registrations/<int:registration_id>/ticket")
def ticket(slug: str, registration_id: int) -> str:
    """Whose ticket it is, since when it is good, and the button that replaces it."""
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
    """Issue a new ticket; pressing the button twice issues one."""
    found = organiser_scope.get_campaign(slug)
    try:
        with unit_of_work():
            new = reissuing.reissue(
                registration_id, found.id, seen=paging.number(request.form, "serial"), actor=current.actor()
            )
    except Refused as refused:
        if refused.code != "reissue.no_ticket":
            raise
        flash(refusals.say(refused.code, refused.facts), "refused")
        return redirect(url_for("manage.roster", slug=slug), 303)
    said = _("新票已发出，原来的票不能再用。") if new else _("这张票刚刚换过，没有再换。")
    flash(said, "seated" if new else "plain")
    return redirect(url_for("history.registration", slug=slug, registration_id=registration_id), 303)
