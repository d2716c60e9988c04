"""Sign-in links from the console: a page with a button. Opening one changes nothing, because mail scanners open links."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_babel import gettext as _

from eventreg.accounts import first, grants, links
from eventreg.accounts.first import FirstAdministrator
from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.people import service as people
from eventreg.registrations.rules import clean_text
from eventreg.web.app import current
from eventreg.web.app.view_types import Page
from eventreg.web.employee.account.views import signed_in
from eventreg.web.forms.plain_form import saying_at
from eventreg.words.role_words import ROLES

from . import forms
from .forms import FirstAdministratorForm

bp = Blueprint("links", __name__)


@bp.get("/sign-in/link/<token>")
def open_link(token: str) -> Page:
    """Show whom the link signs in, with a button; or the form for the first administrator."""
    link = links.find(token, now=current.now())
    if link is None:
        return render_template("employee/links/dead.html"), 410
    if link.person_id is None:
        return render_template(
            "employee/links/first_administrator.html", form=forms.first_administrator_form()
        )
    person = people.person_facts(link.person_id)
    return render_template(
        "employee/links/open_link.html", link={"name": person.name, "role": _roles_of(link.person_id)}
    )


@bp.post("/sign-in/link/<token>")
def use_link(token: str) -> Page:
    """Redeem the link and sign in; a form with errors does not redeem it."""
    link = links.find(token, now=current.now())
    if link is None:
        return render_template("employee/links/dead.html"), 410
    if link.person_id is None:
        return _found(token)
    try:
        with unit_of_work():
            links.use(token, now=current.now())
            session_token = current.sign_in(link.person_id, way="link")
    except Refused:
        return render_template("employee/links/dead.html"), 410
    return signed_in(session_token)


def _found(token: str) -> Page:
    """Make the first administrator, redeem the link and make the session in one unit of work."""
    form = forms.first_administrator_form()
    founder = _founder(form)
    problems = first.check(founder)
    for field, code in problems.items():
        form.say("unit_name" if field == "unit" else field, code)
    if problems:
        return render_template("employee/links/first_administrator.html", form=form), 422
    with saying_at(form), unit_of_work():
        links.use(token, now=current.now())
        person_id = first.make(founder, now=current.now())
        session_token = current.sign_in(person_id, way="link")
    if form.errors:
        return render_template("employee/links/first_administrator.html", form=form), 409
    return signed_in(session_token)


def _founder(form: FirstAdministratorForm) -> FirstAdministrator:
    typed = {name: clean_text(form[name].data or "") for name in ("staff_no", "name", "email", "unit_name")}
    return FirstAdministrator(typed["staff_no"], typed["name"], typed["email"].lower(), typed["unit_name"])


def _roles_of(person_id: int) -> str:
    now = current.now()
    held = grants.roles_of(person_id, now=now) | campaign_grants.roles_of(person_id, now=now)
    return _("、").join(ROLES[role]() for role in Role if role in held) or _("职工")
