"""Pages of unit contacts: printed one-time codes for colleagues without a mailbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request, url_for

from eventreg.accounts import grants, sign_in_codes
from eventreg.accounts.rules import PRINTED_LIFE
from eventreg.campaigns import campaign_grants
from eventreg.core.db.session import unit_of_work
from eventreg.people import service as people
from eventreg.people.service import PersonFacts
from eventreg.web.app import current
from eventreg.web.app.view_types import Page
from eventreg.words import refusals

bp = Blueprint("unit", __name__)


@dataclass(frozen=True, slots=True)
class CodeSlip:
    """One printed code."""

    name: str
    code: str
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class Colleague:
    """A colleague in the list, to be ticked."""

    id: int
    name: str
    staff_no: str
    note: str


@bp.get("/unit/codes")
def codes() -> str:
    """List people in the contact's units without a mailbox."""
    return _page(error=None)


@bp.post("/unit/codes")
def print_codes() -> Page:
    """Make a code for each ticked person and show the sheet to print, once."""
    colleagues = {str(p.id): p for p in _colleagues()[0]}
    ticked = [colleagues[id_] for id_ in request.form.getlist("person") if id_ in colleagues]
    if not ticked:
        return _page(error=refusals.say("codes.none_chosen", {})), 422
    now = current.now()
    with unit_of_work():
        printed = sign_in_codes.print_codes([p.id for p in ticked], actor=current.actor())
    until = (now + PRINTED_LIFE).astimezone(ZoneInfo(current.settings().timezone))
    slips = [CodeSlip(p.name, printed[p.id], until) for p in ticked]
    address = f"{current.settings().base_url}{url_for('account.sign_in')}"
    return render_template("award/unit/sheet.html", slips=slips, sign_in_url=address)


def _page(*, error: str | None) -> str:
    found, others = _colleagues()
    return render_template(
        "award/unit/codes.html",
        people=[_shown(p) for p in found],
        others=[p.name for p in others],
        error=error,
    )


def _colleagues() -> tuple[list[PersonFacts], list[PersonFacts]]:
    """People without a mailbox in the contact's units, and which of them need one because of a role."""
    now = current.now()
    in_care = grants.units_in_care(current.person_id(), now=now)
    found = people.list_without_mailbox(in_care)
    needs_mail = campaign_grants.who_needs_mail([p.id for p in found], in_care=in_care, now=now)
    return [p for p in found if p.id not in needs_mail], [p for p in found if p.id in needs_mail]


def _shown(person: PersonFacts) -> Colleague:
    return Colleague(person.id, person.name, person.staff_no, person.unit)
