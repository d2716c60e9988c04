"""A unit contact enters colleagues by a list of staff numbers, and reminds those who have not signed up."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.accounts import grants
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.rules import Intake
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.people import service as people
from eventreg.registrations.by_hand import unit_lists
from eventreg.registrations.by_hand.unit_lists import ListedPerson, ListOutlook
from eventreg.registrations.rules import RegistrationState
from eventreg.season import minimums, sign_up_gaps
from eventreg.web.app import current
from eventreg.web.app.numbers import whole_number
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.web.organiser.by_hand.view_models import for_sign_up
from eventreg.web.organiser.participation import view_models as participation
from eventreg.words.registration_words import why_not

from . import forms, view_models
from .forms import ListForm

bp = Blueprint("unit_entries", __name__)


@bp.get("/unit/sign-ups")
def campaign_list() -> str:
    """List the campaigns that people can be entered in, with the contact's units that are short."""
    now, in_care = current.now(), _in_care()
    found = [c for c in campaigns.list_campaigns() if c.accepts is Intake.REGISTRATIONS and now < c.begins_at]
    cards = [view_models.card(c, minimums.board(c, within=in_care).short, now=now) for c in found]
    return render_template("employee/unit_entries/campaigns.html", cards=cards)


@bp.get("/unit/sign-ups/<slug>")
def colleagues(slug: str) -> str:
    """Show the form, where the contact's units stand, and who of them has not signed up."""
    return _page(_campaign(slug), forms.list_form())


@bp.post("/unit/sign-ups/<slug>")
def enter(slug: str) -> Page:
    """Show what a pasted list would do; then enter the people of that preview. One button reminds those who are missing."""
    found = _campaign(slug)
    form = forms.list_form()
    if request.form.get("act") == "remind":
        return _remind(found, form)
    if request.form.get("act") == "enter":
        return _enter(found, form)
    with saying_at(form, "numbers"):
        ahead = unit_lists.foresee(found, form.text, in_care=_in_care(), now=current.now())
        if ahead.problems:
            form.say_problems(ahead.problems)
    if form.errors:
        return _page(found, form), 422
    form.has_looked()
    return _page(found, form, ahead)


def _enter(found: CampaignFacts, form: ListForm) -> Page:
    """Enter the people that the preview named, in its order; pressed twice, it happens once."""
    if not form.has_looked():
        form.say("numbers", "list.look_again")
        return _page(found, form), 422
    ids = [id_ for id_ in map(whole_number, request.form.getlist("person")) if id_]
    with saying_at(form, "numbers"), unit_of_work():
        done = unit_lists.enter_all(
            found.id, ids, notice_id=found.notice_id, in_care=_in_care(), actor=current.actor()
        )
    if form.errors:
        return _page(found, form), 409
    _tell(done)
    return redirect(url_for("unit_entries.colleagues", slug=found.slug), 303)


def _remind(found: CampaignFacts, form: ListForm) -> Page:
    try:
        with unit_of_work():
            done = sign_up_gaps.remind(found.id, within=_in_care(), actor=current.actor())
    except Refused as refused:
        form.say_of_all(refused.code, refused.facts)
        return _page(found, form), 409
    flash(ngettext("已写信提醒 %(num)s 人。", "已写信提醒 %(num)s 人。", done.sent), "seated")
    if done.unreachable:
        names = participation.listed(done.unreachable)
        flash(_("没有邮箱、写不到的：%(names)s。请当面提醒。", names=names), "waiting")
    return redirect(url_for("unit_entries.colleagues", slug=found.slug), 303)


def _tell(done: list[ListedPerson]) -> None:
    """Say what each got, and whom no letter reaches."""
    seated = sum(one.state is RegistrationState.SEATED for one in done)
    waiting = sum(one.state is RegistrationState.WAITING for one in done)
    if seated:
        told = ngettext(
            "已替 %(num)s 人报上，有邮箱的会收到邮件。", "已替 %(num)s 人报上，有邮箱的会收到邮件。", seated
        )
        flash(told, "seated")
    if waiting:
        told = ngettext(
            "%(num)s 人加入了候补，有邮箱的会收到邮件。",
            "%(num)s 人加入了候补，有邮箱的会收到邮件。",
            waiting,
        )
        flash(told, "waiting")
    entered = people.people_by_id([one.person_id for one in done if one.state is not None])
    if silent := [person.name for person in entered.values() if person.email is None]:
        names = participation.listed(silent)
        flash(_("没有邮箱、写不到的：%(names)s。请当面告诉。", names=names), "waiting")
    for one in done:
        if one.refused:
            said = why_not(one.refused.code, one.refused.facts)
            flash(_("%(name)s没有报：%(why)s", name=one.name, why=said), "refused")


def _campaign(slug: str) -> CampaignFacts:
    return for_sign_up(campaigns.get_campaign(slug))


def _in_care() -> set[int]:
    return grants.units_in_care(current.person_id(), now=current.now())


def _page(found: CampaignFacts, form: ListForm, ahead: ListOutlook | None = None) -> str:
    now, in_care = current.now(), _in_care()
    gaps = sign_up_gaps.list_gaps(found, now=now, within=in_care)
    return render_template(
        "employee/unit_entries/colleagues.html",
        c=found,
        form=form,
        people=[view_models.listed(person) for person in ahead.people] if ahead else [],
        ids=ahead.person_ids if ahead else (),
        board=participation.board(minimums.board(found, within=in_care)),
        gaps=participation.gaps(gaps),
        total=sum(len(gap.people) for gap in gaps),
        closed=view_models.closed(found, now=now),
        form_url=url_for("unit_entries.enter", slug=found.slug),
    )
