"""Confirm a place, or give it up: after a moved date, and when a place near the start is offered."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from eventreg.core.db.session import unit_of_work
from eventreg.registrations.confirming import service as places
from eventreg.registrations.rules import RegistrationState
from eventreg.web.app import current
from eventreg.web.app.view_types import Page
from eventreg.web.employee.registrations import receipts

bp = Blueprint("confirming", __name__)


@bp.get("/my/registrations/<int:registration_id>/confirmation")
def confirmation(registration_id: int) -> Page:
    """Show the date as it is now, with the two buttons; who is not asked is led to the ticket."""
    own = receipts.get(registration_id)
    if not own.registration.is_asked or own.campaign.called_off or current.now() >= own.campaign.begins_at:
        return redirect(url_for("registrations.receipt", registration_id=registration_id), 302)
    return render_template("employee/confirming/confirmation.html", r=own.shown(), c=own.card)


@bp.post("/my/registrations/<int:registration_id>/confirmation")
def confirm(registration_id: int) -> Page:
    """Confirm; pressed twice, it happens once. Too late, the place has gone to the next."""
    with unit_of_work():
        done = places.confirm(registration_id, person_id=current.person_id(), actor=current.actor())
    if done.state is RegistrationState.WITHDRAWN:
        flash(_("确认的时间已过，名额已经让出。"), "plain")
    elif done.confirmed_at is not None:
        flash(_("已确认，到时见。"), "seated")
    return redirect(url_for("registrations.receipt", registration_id=registration_id), 303)
