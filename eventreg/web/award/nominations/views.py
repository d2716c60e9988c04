"""A unit contact's nominations: begin, order and withdraw them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.nominations import access, drafts, quotas, reading, service, terms
from eventreg.nominations.quotas import QuotaLine
from eventreg.people import directory
from eventreg.people.directory import PeopleFilter, PeoplePage
from eventreg.people.rules import Gender
from eventreg.web.app import current, paging
from eventreg.web.app.view_types import Page
from eventreg.web.award.drafting import view_models as nomination_view_models
from eventreg.web.award.drafting.forms import PickForm, pick_form
from eventreg.web.forms.plain_form import saying_at
from eventreg.words import refusals

bp = Blueprint("nominations", __name__)

TEXT_MOST = 40
ELSEWHERE_MOST = 5


@bp.get("/unit/nominations")
def mine() -> str:
    """Show the contact's departments in each award: deadline, places left, nominations."""
    now, awards = current.now(), []
    mine_now = access.departments_of(current.person_id(), now=now)
    for found in access.list_awards():
        lines = [line for line in quotas.table(found.id) if line.unit_id in mine_now and line.places]
        awards += [
            nomination_view_models.department_award(
                found, line, reading.list_of(found.id, line.unit_id), now=now
            )
            for line in lines
        ]
    return render_template("award/nominations/mine.html", awards=awards)


@bp.get("/unit/nominations/new/<slug>/<int:unit_id>")
def pick(slug: str, unit_id: int) -> str:
    """Choose a person of the department to nominate, by name or staff number."""
    found, line = _award(slug, unit_id)
    people = _people(found, line)
    return _pick_page(found, line, people, pick_form(people.people))


@bp.post("/unit/nominations/new/<slug>/<int:unit_id>")
def begin(slug: str, unit_id: int) -> Page:
    """Begin a draft, or open the existing one."""
    found, line = _award(slug, unit_id)
    people = _people(found, line)
    form = pick_form(people.people)
    if not form.chosen():
        form.say("person", "typed.choice")
        return _pick_page(found, line, people, form), 422
    with saying_at(form), unit_of_work():
        begun = drafts.begin(found.id, unit_id, form.chosen(), actor=current.actor())
    if form.errors:
        return _pick_page(found, line, people, form), 409
    return redirect(url_for("drafting.nomination", nomination_id=begun), 303)


@bp.post("/unit/nominations/<int:nomination_id>/preference")
def prefer(nomination_id: int) -> Response:
    """Move it up in the order of preference."""
    try:
        with unit_of_work():
            drafts.move_up(nomination_id, actor=current.actor())
    except Refused as refused:
        flash(refusals.say(refused.code, refused.facts), "refused")
    return redirect(url_for("nominations.mine"), 303)


@bp.post("/unit/nominations/<int:nomination_id>/withdrawal")
def withdraw(nomination_id: int) -> Response:
    """Withdraw the nomination."""
    with unit_of_work():
        service.withdraw(nomination_id, actor=current.actor())
    flash(_("已撤回这份推荐。"), "plain")
    return redirect(url_for("nominations.mine"), 303)


def _award(slug: str, unit_id: int) -> tuple[CampaignFacts, QuotaLine]:
    return access.get_award_for_contact(slug, unit_id, current.person_id(), now=current.now())


def _people(found: CampaignFacts, line: QuotaLine) -> PeoplePage:
    gender = Gender.FEMALE if terms.terms_of(found).women_only else None
    text = request.args.get("q", "").strip()[:TEXT_MOST]
    text = text if len(text) >= directory.LEAST else ""
    sought = PeopleFilter(text, line.unit_id, employed=True, gender=gender)
    return directory.search(sought, number=paging.number(request.args, "page") or 1)


def _details(found: CampaignFacts, people: PeoplePage) -> dict[str, str]:
    """The second line of each person: unit, staff number, and that they are nominated already."""
    taken = reading.list_nominated(found.id, [person.id for person in people.people])
    return {
        str(p.id): f"{p.unit} {p.staff_no}" + (_("，已经推荐了") if p.id in taken else "")
        for p in people.people
    }


def _elsewhere(people: PeoplePage) -> list[tuple[str, str]]:
    """People of this name in other departments (name, unit), when there is none here."""
    text = request.args.get("q", "").strip()[:TEXT_MOST]
    if people.people or len(text) < directory.LEAST:
        return []
    found = directory.search(PeopleFilter(text, None, employed=True), number=1)
    return [(person.name, person.unit) for person in found.people[:ELSEWHERE_MOST]]


def _pick_page(found: CampaignFacts, line: QuotaLine, people: PeoplePage, form: PickForm) -> str:
    now = current.now()
    return render_template(
        "award/nominations/pick.html",
        d=nomination_view_models.department_award(found, line, [], now=now),
        form=form,
        details=_details(found, people),
        elsewhere=_elsewhere(people),
        q=request.args.get("q", "").strip()[:TEXT_MOST],
        people=people,
        action=url_for(
            "nominations.begin", slug=found.slug, unit_id=line.unit_id, q=request.args.get("q") or None
        ),
    )
