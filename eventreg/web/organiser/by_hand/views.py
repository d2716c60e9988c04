"""An organiser enters somebody by hand, and corrects somebody's answers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.rules import pools_at
from eventreg.people import directory
from eventreg.people import service as people
from eventreg.people.directory import PeopleFilter
from eventreg.registrations import reading
from eventreg.registrations.answers import choices
from eventreg.registrations.by_hand import correcting, entering, outlook
from eventreg.registrations.by_hand.entering import PersonEntry
from eventreg.registrations.by_hand.rules import HandActKind
from eventreg.registrations.ending import get_removable
from eventreg.registrations.rules import RegistrationState
from eventreg.registrations.service import SignUpResult
from eventreg.web.app import current, paging
from eventreg.web.app.numbers import whole_number
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.web.organiser import letters_first, organiser_scope
from eventreg.words import refusals

from . import forms, view_models
from .forms import CorrectedAnswersForm, EntryForm

bp = Blueprint("by_hand", __name__)

TEXT_MOST = 40


@bp.get("/manage/campaigns/<slug>/registrations/new")
def entry(slug: str) -> str:
    """Find somebody by name or staff number; then show what entering them would do, with the form."""
    found, person_id = _campaign(slug), paging.number(request.args, "person")
    if not person_id:
        return _search_page(found)
    return _entry_page(found, forms.entry_form(campaigns.entry_for(found), person_id), person_id)


@bp.post("/manage/campaigns/<slug>/registrations/new")
def enter(slug: str) -> Page:
    """Enter them once the letter was seen; pressed twice, it happens once."""
    found, person_id = _campaign(slug), whole_number(request.form.get("person"))
    if not person_id:
        return redirect(url_for("by_hand.entry", slug=slug), 303)
    asked = campaigns.entry_for(found)
    form = forms.entry_form(asked, person_id)
    answers, how = form.check_answers(), form.read()
    if form.errors:
        return _entry_page(found, form, person_id, answers), 422
    wanted = PersonEntry(
        person_id, how, asked.notice.id,
        answers=answers, key=(form.idempotency_key.data or "")[:64],
    )  # fmt: skip
    work = partial(entering.enter, found.id, wanted, actor=current.actor())
    with saying_at(form):
        got = letters_first.change(found, work, back=partial(_entry_page, found, form, person_id, answers))
    if form.errors:
        return _entry_page(organiser_scope.get_campaign(slug), form, person_id, answers), 409
    _tell(got, person_id)
    return redirect(url_for("history.registration", slug=slug, registration_id=got.id), 303)


@bp.get("/manage/campaigns/<slug>/registrations/<int:registration_id>/answers")
def answers(slug: str, registration_id: int) -> str:
    """Show the form with the current answers."""
    found = _campaign(slug)
    get_removable(registration_id, found.id)
    stored = reading.answers_of(registration_id)
    form = forms.correction_form(campaigns.entry_for(found), stored)
    return _correction_page(found, form, registration_id)


@bp.post("/manage/campaigns/<slug>/registrations/<int:registration_id>/answers")
def correct(slug: str, registration_id: int) -> Page:
    """Replace the answers, by the same checks as the person's own change."""
    found = _campaign(slug)
    get_removable(registration_id, found.id)
    asked = campaigns.entry_for(found)
    form = forms.correction_form(asked, reading.answers_of(registration_id))
    given, reason, note = form.check_answers(), form.chosen(HandActKind.CORRECT), form.noted()
    if form.errors:
        form.answers_version.data = form.seen_answers
        return _correction_page(found, form, registration_id), 422
    shown, seen = form.told_form(asked), form.seen_answers
    work = partial(
        correcting.correct,
        registration_id, found.id, given, reason,
        note=note, shown=shown, seen=seen, actor=current.actor(),
    )  # fmt: skip
    with saying_at(form):
        changed = letters_first.change(
            found, work, back=partial(_correction_page, found, form, registration_id)
        )
    if form.errors:
        form.stamp(campaigns.entry_for(_campaign(slug)), reading.answers_of(registration_id))
        return _correction_page(found, form, registration_id), 409
    flash(_("更正已保存，编号没有变。") if changed else _("没有改动。"), "seated" if changed else "plain")
    return redirect(url_for("history.registration", slug=slug, registration_id=registration_id), 303)


def _campaign(slug: str) -> CampaignFacts:
    """A published campaign that takes registrations and that the visitor manages. Raises NotFound."""
    return view_models.for_sign_up(organiser_scope.get_campaign(slug))


def _tell(got: SignUpResult, person_id: int) -> None:
    if not got.created:
        flash(_("这位同事已经报过名，没有再办。"), "plain")
        return
    if got.state is RegistrationState.SEATED:
        flash(_("已报上，编号 %(n)s。", n=got.arrival), "seated")
    else:
        flash(_("已加入候补，编号 %(n)s。", n=got.arrival), "waiting")
    if people.person_facts(person_id).email is None:
        flash(_("名册里没有邮箱，请当面告诉本人。"), "waiting")


def _search_page(found: CampaignFacts) -> str:
    text = request.args.get("q", "").strip()[:TEXT_MOST]
    sought = PeopleFilter(text, employed=True)
    page = directory.search(sought, number=1) if text and sought.enough else None
    short = bool(text) and page is None
    return render_template(
        "organiser/by_hand/search.html",
        c=found,
        q=text,
        error=refusals.say("acts.search_short", {"least": directory.LEAST}) if short else "",
        found=[view_models.candidate(person, found.slug) for person in page.people] if page else [],
        count=page.found if page else 0,
        searched=page is not None,
        side_nav=organiser_nav(found.slug),
    )


def _entry_page(
    found: CampaignFacts, form: EntryForm, person_id: int, answers: Mapping[int, str] = MappingProxyType({})
) -> str:
    person, now = people.person_facts(person_id), current.now()
    chosen = choices.of_answers(found.id, answers, None) if answers else choices.NOTHING
    ahead = outlook.foresee(found, person_id, now=now, chosen=chosen)
    form.show_places(pools_at(found.pools, now=now))
    if not (ahead.is_seated or ahead.impossible):
        form.offer(ahead)
    form.mark_language(found.lang)
    form.show_places(found.pools)
    return render_template(
        "organiser/by_hand/entry.html",
        c=found,
        form=form,
        p=view_models.entry_preview(person, ahead, found),
        form_url=url_for("by_hand.enter", slug=found.slug),
        side_nav=organiser_nav(found.slug),
    )


def _correction_page(found: CampaignFacts, form: CorrectedAnswersForm, registration_id: int) -> str:
    form.mark_language(found.lang)
    shown = get_removable(registration_id, found.id)
    seated = shown.state == RegistrationState.SEATED
    form.show_places(
        pools_at(found.pools, now=current.now()), reading.answers_of(registration_id) if seated else None
    )
    return render_template(
        "organiser/by_hand/answers.html",
        c=found,
        r=shown,
        form=form,
        begun=current.now() >= found.begins_at,
        form_url=url_for("by_hand.correct", slug=found.slug, registration_id=registration_id),
        side_nav=organiser_nav(found.slug),
    )
