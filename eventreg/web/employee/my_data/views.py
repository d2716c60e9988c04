"""What is stored about the visitor: show, correct and download it; sign browsers out."""

from __future__ import annotations

import json

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from eventreg.accounts import grants, sessions
from eventreg.campaigns import campaign_grants
from eventreg.core.db.session import unit_of_work
from eventreg.history import trails
from eventreg.people import directory
from eventreg.people import service as people
from eventreg.privacy import my_data
from eventreg.season import letters
from eventreg.season.letters import LetterFilter
from eventreg.web.app import current, records
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.words.campaign_words import GENDERS

from . import forms, view_models
from .forms import PhoneForm

bp = Blueprint("my_data", __name__)


@bp.get("/my/data")
def stored() -> str:
    """Show everything that is stored about the visitor, in words."""
    return _page()


@bp.get("/my/data.json")
def download() -> Response:
    """Download everything as JSON."""
    told = my_data.as_json(my_data.collect(current.person_id()))
    body = {"made_at": current.now().isoformat(), **told}
    answer = make_response(json.dumps(body, ensure_ascii=False, indent=1, default=str))
    answer.headers["Content-Type"] = "application/json"
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


@bp.post("/my/data/phone")
def correct_phone() -> Page:
    """Correct the visitor's telephone number."""
    form = forms.phone_form(None)
    with saying_at(form, "phone"), unit_of_work():
        directory.correct_phone(current.person_id(), form.phone.data or "", actor=current.actor())
    if form.errors:
        return _page(form), 422
    flash(_("手机号已保存。"), "seated")
    return redirect(url_for("my_data.stored"), 303)


@bp.post("/my/sessions/<int:session_id>/end")
def end_session(session_id: int) -> Page:
    """Sign out one of the visitor's browsers."""
    with unit_of_work():
        sessions.end_own(session_id, person_id=current.person_id(), now=current.now())
    flash(_("那个浏览器已退出登录。"), "plain")
    return redirect(url_for("my_data.stored"), 303)


@bp.post("/my/sessions/end-others")
def end_others() -> Page:
    """Sign out all the visitor's browsers but this one."""
    who = current.visitor()
    with unit_of_work():
        sessions.end_all(current.person_id(), actor=current.actor(), but=who.session_id)
    flash(_("别的浏览器都已退出登录。"), "plain")
    return redirect(url_for("my_data.stored"), 303)


def _page(form: PhoneForm | None = None) -> str:
    me = people.person_facts(current.person_id())
    alive = sessions.list_alive(me.id, now=current.now())
    held = [*grants.list_of(me.id), *campaign_grants.list_of(me.id)]
    sent = letters.page_of(LetterFilter(person_id=me.id), mine=None, number=1)
    told = my_data.collect(me.id)
    return render_template(
        "employee/my_data/stored.html",
        nominated=view_models.nominated(told),
        me=me,
        gender=GENDERS[str(me.gender)](),
        form=form or forms.phone_form(me.phone),
        registrations=view_models.registrations(told),
        roles=view_models.roles(held, me.id),
        letters=[records.letter(line) for line in sent.letters],
        sessions=view_models.sessions(alive),
        others=len(alive) > 1,
        entries=view_models.told(trails.of_person(me.id), me.id),
    )
