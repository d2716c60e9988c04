"""A department head's delegates, who may sign for a period."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import NotFound
from eventreg.nominations.signing import delegations, who_may_sign
from eventreg.people import service as people
from eventreg.people import units
from eventreg.web.app import current
from eventreg.web.app.view_types import Page
from eventreg.web.award.signing import forms as signature_forms
from eventreg.web.award.signing import view_models as signature_view_models
from eventreg.web.award.signing.forms import DelegateForm
from eventreg.web.forms.plain_form import saying_at

bp = Blueprint("delegates", __name__)


@bp.get("/unit/signatures/delegates")
def delegates() -> str:
    """List current and future delegates, with the form that names one more."""
    return _page(_form())


@bp.post("/unit/signatures/delegates")
def delegate() -> Page:
    """Name a delegate by staff number; they are informed by mail."""
    form, me, now = _form(), current.person_id(), current.now()
    since, until = form.whole_period(now=now)
    if not (form.staff_no.data or "").strip():
        form.say("staff_no", "answer.missing")
    if not form.unit_id():
        form.say("unit", "delegation.no_unit")
    if form.errors:
        return _page(form), 422
    with saying_at(form, "staff_no"), unit_of_work():
        named = people.get_person_by_staff_no(form.staff_no.data or "")
        delegations.name(me, named.id, form.unit_id(), since=since, until=until, now=now)
    if form.errors:
        return _page(form), 422
    flash(_("%(name)s可以代签了，已经发邮件通知。", name=named.name), "seated")
    return redirect(url_for("delegates.delegates"), 303)


@bp.post("/unit/signatures/delegates/<int:delegation_id>/end")
def end_delegation(delegation_id: int) -> Response:
    """End a delegation at once; existing signatures stay valid."""
    with unit_of_work():
        delegations.end(delegation_id, actor=current.actor())
    flash(_("已收回，马上生效。已经签了的仍然有效。"), "plain")
    return redirect(url_for("delegates.delegates"), 303)


def _form() -> DelegateForm:
    """The form, for heads only: a delegate cannot name delegates."""
    own = who_may_sign.own_units(current.person_id(), now=current.now())
    if not own:
        raise NotFound("delegation")
    return signature_forms.delegate_form(sorted(units.paths_of(own).items()))


def _page(form: DelegateForm) -> str:
    given = delegations.list_of(current.person_id(), now=current.now())
    paths = units.paths_of({one.unit_id for one in given})
    shown = [signature_view_models.delegate(one, paths) for one in given]
    return render_template("award/delegates/delegates.html", form=form, given=shown)
