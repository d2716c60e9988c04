"""Letters that were sent, wait or failed: of their campaigns for organisers, all for administrators."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from eventreg.accounts.rules import Role
from eventreg.campaigns import service as campaigns
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.outbox.standing import STANDINGS
from eventreg.people import service as people
from eventreg.season import letter_batches, resend
from eventreg.season import letters as sent
from eventreg.season.letter_batches import BatchPage
from eventreg.season.letters import LetterFilter, LetterLine, LetterPage
from eventreg.web.admin.pausing import views as pausing
from eventreg.web.app import current, paging, records
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.organiser import organiser_scope
from eventreg.words import refusals
from eventreg.words.delivery import letter_words

from . import view_models
from .forms import AddressForm, address_form

bp = Blueprint("letters", __name__)

TEXT_MOST = 80


@bp.get("/manage/letters")
def letters() -> str:
    """List letters, the newest first, 30 a page, filtered by state, kind, campaign and person. Reads only.

    What one act posted stands on one line, unless somebody looks for single letters.
    """
    wanted, mine = _wanted(request.args), organiser_scope.campaign_ids()
    number = paging.number(request.args, "page")
    page: LetterPage | BatchPage
    if wanted.groups:
        page = letter_batches.page_of(wanted, mine=mine, number=number)
        lines = [batch.newest for batch in page.batches]
        shown = [view_models.batch(batch) for batch in page.batches]
    else:
        page = sent.page_of(wanted, mine=mine, number=number)
        lines = page.letters
        shown = [records.letter(line, managed=True) for line in lines]
    kept = {
        "state": wanted.state or None,
        "kind": wanted.kind or None,
        "campaign": wanted.campaign_id,
        "person": wanted.person_id,
        "q": wanted.text or None,
        "batch": wanted.batch,
    }
    return render_template(
        "organiser/letters/letters.html",
        wanted=wanted,
        standings=view_models.standings(page.counts, wanted.state, kept),
        kinds=[
            (code, letter_words.kind(code))
            for code in letter_words.KINDS
            if mine is None or code not in letter_words.PRIVATE
        ],
        campaigns=[(c.id, c.title) for c in campaigns.list_managed(mine)],
        letters=shown,
        page=paging.pager("letters.letters", page.number, page.pages, **kept),
        found=sum(page.counts.values()) if wanted.groups else page.found,
        person=_person(wanted.person_id, lines),
        filtered=any(kept.values()),
        paused=pausing.find_shown(),
        side_nav=organiser_nav(),
    )


@bp.get("/manage/letters/<int:letter_id>")
def letter(letter_id: int) -> str:
    """Show one letter: recipient, state and reason, what was done with it, and what can be done."""
    return _page(_get(letter_id))


@bp.post("/manage/letters/<int:letter_id>/again")
def send_again(letter_id: int) -> Page:
    """Send it again; asked twice, it is sent once."""
    line, mine = _get(letter_id), organiser_scope.campaign_ids()
    try:
        with unit_of_work():
            again = resend.send_again(letter_id, mine=mine, actor=current.actor())
    except Refused as refused:
        return _refused(line, refused)
    flash(
        _("已重新排队，轮到就发。") if again else _("这一封已经在发，或者已经发出，没有再发一次。"), "plain"
    )
    return redirect(url_for("letters.letter", letter_id=letter_id), 303)


@bp.post("/manage/letters/<int:letter_id>/address")
def readdress(letter_id: int) -> Page:
    """Correct the address and send it there; an administrator may correct the roster too."""
    line, form, mine = _get(letter_id), _form(), organiser_scope.campaign_ids()
    try:
        with unit_of_work():
            resend.readdress(
                letter_id, form.email.data or "", mine=mine, roster=form.for_all, actor=current.actor()
            )
    except Refused as refused:
        if not refused.code.startswith("people."):
            return _refused(line, refused, form)
        form.say("email", refused.code, **refused.facts)
        return _page(line, form), 422
    flash(_("邮箱已改，马上重新发。"), "seated")
    return redirect(url_for("letters.letter", letter_id=letter_id), 303)


@bp.post("/manage/letters/<int:letter_id>/bounce")
def note_bounce(letter_id: int) -> Page:
    """Note that it bounced, or remove the note."""
    line, mine = _get(letter_id), organiser_scope.campaign_ids()
    came_back = request.form.get("on") == "1"
    try:
        with unit_of_work():
            resend.note_bounce(letter_id, came_back=came_back, mine=mine, actor=current.actor())
    except Refused as refused:
        return _refused(line, refused)
    flash(_("退信已记下。核对邮箱以后可以重新发。") if came_back else _("退信的记录已撤回。"), "plain")
    return redirect(url_for("letters.letter", letter_id=letter_id), 303)


def _get(letter_id: int) -> LetterLine:
    return sent.get_letter(letter_id, mine=organiser_scope.campaign_ids())


def _form(address: str | None = None) -> AddressForm:
    return address_form(address, roster=Role.ADMINISTRATOR in current.roles())


def _refused(line: LetterLine, refused: Refused, form: AddressForm | None = None) -> Page:
    """Show the reason on the letter's page, with what was typed."""
    flash(refusals.say(refused.code, refused.facts), "refused")
    return _page(_get(line.id), form), 409


def _page(line: LetterLine, form: AddressForm | None = None) -> str:
    shown = view_models.card(line, now=current.now())
    return render_template(
        "organiser/letters/letter.html",
        letter=shown,
        form=form or _form(line.address),
        paused=pausing.find_shown(),
        side_nav=organiser_nav(),
    )


def _person(person_id: int | None, found: list[LetterLine]) -> str:
    """The name of the person whose letters are listed, only if there are any: an organiser learns no other name."""
    return people.person_facts(person_id).name if person_id and found else ""


def _wanted(typed: MultiDict[str, str]) -> LetterFilter:
    """The filters; a value that the page does not offer counts as not chosen."""
    state, kind = typed.get("state", ""), typed.get("kind", "")
    return LetterFilter(
        state if state in STANDINGS else "",
        kind if kind in letter_words.KINDS else "",
        paging.number(typed, "campaign") or None,
        paging.number(typed, "person") or None,
        typed.get("q", "").strip()[:TEXT_MOST],
        paging.number(typed, "batch") or None,
    )
