"""Pages of employees: sign up, see the ticket, change answers, withdraw."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts, NoticeFacts, SignUpFormFacts
from eventreg.campaigns.rules import check_changeable, check_open
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.delivery import qr
from eventreg.delivery.contents import calendar
from eventreg.nominations.signing import consents, who_may_sign
from eventreg.people import service as people
from eventreg.registrations import reading
from eventreg.registrations import service as registrations
from eventreg.registrations.rules import RegistrationState
from eventreg.registrations.service import Application, RegistrationSource, SignUpResult
from eventreg.season import withdrawing
from eventreg.web.app import current
from eventreg.web.app.page_cache import Hole, NumberHole, render
from eventreg.web.app.view_types import Page
from eventreg.web.employee.public import view_models as campaign_view_models
from eventreg.web.forms.plain_form import saying_at

from . import forms, receipts
from .forms import AnswersForm, SignUpForm

bp = Blueprint("registrations", __name__)


@bp.get("/my")
def tickets() -> str:
    """List the visitor's registrations, the newest first."""
    own = reading.list_own(current.person_id())
    found = campaigns.campaigns_by_id({r.campaign_id for r in own})
    return render_template(
        "employee/registrations/tickets.html", rs=[receipts.line(r, found[r.campaign_id]) for r in own]
    )


@bp.get("/my/account")
def account() -> str:
    """Show the visitor's facts from the roster, links to signatures and consents, the language, and signing out."""
    me = current.person_id()
    return render_template(
        "employee/registrations/account.html",
        me=people.person_facts(me),
        signs=who_may_sign.is_signer(me, now=current.now()),
        nominated=bool(consents.list_own(me)),
    )


@bp.get("/campaigns/<slug>/registration")
def sign_up(slug: str) -> Page:
    """Show the sign-up form; a visitor who has signed up is redirected to the receipt."""
    campaign = campaigns.get_campaign(slug)
    mine = reading.find_live(campaign.id, current.person_id())
    if mine is not None:
        current.drop_kept_form()
        return redirect(url_for("registrations.receipt", registration_id=mine.id), 302)
    kept, path = current.kept_form(), url_for("registrations.sign_up", slug=slug)
    typed = kept.fields if kept and kept.path == path else {}
    entry = campaigns.entry_for(campaign)
    try:
        check_open(campaign.window, now=current.now())
    except Refused as refused:
        if not typed:
            return redirect(url_for("public.campaign", slug=slug), 302)
        form = forms.sign_up_form(entry.questions, entry.notice, typed)
        form.say_of_all(refused.code, refused.facts)
        return _sign_up_page(campaign, entry.notice, form)
    if typed:
        return _sign_up_page(campaign, entry.notice, forms.sign_up_form(entry.questions, entry.notice, typed))
    return _blank_form(campaign, entry)


@bp.post("/campaigns/<slug>/registration")
def register(slug: str) -> Page:
    """Sign up in one unit of work, then redirect to the receipt. Asked twice, it leads to the same receipt."""
    entry = campaigns.get_entry(slug)
    form = forms.sign_up_form(entry.questions, entry.notice, {})
    answers = form.check_answers()
    form.check_consent(entry.notice.id)
    if form.errors:
        return _sign_up_page(campaigns.get_campaign(slug), entry.notice, form), 422
    application = Application(
        person_id=current.person_id(),
        answers=answers,
        notice_id=entry.notice.id,
        consented=True,
        source=RegistrationSource.WEB,
        key=(form.idempotency_key.data or "")[:64],
    )
    try:
        with unit_of_work():
            receipt = registrations.register(entry.campaign_id, application, actor=current.actor())
    except Refused as refused:
        return _refused(slug, entry.notice, form, refused)
    current.drop_kept_form()
    return _receipt(receipt, form)


@bp.get("/my/registrations/<int:registration_id>")
def receipt(registration_id: int) -> str:
    """Show the receipt: a ticket, a position on the waiting list, or that the registration was withdrawn."""
    return receipts.get(registration_id).page()


@bp.get("/my/registrations/<int:registration_id>/answers")
def answers(registration_id: int) -> Page:
    """Show the form with the current answers."""
    own = _changeable(registration_id)
    form = forms.answers_form(own.questions(), own.answers)
    return _answers_page(own, form)


@bp.post("/my/registrations/<int:registration_id>/answers")
def change_answers(registration_id: int) -> Page:
    """Replace the answers; the place and the arrival number stay."""
    own = _changeable(registration_id)
    form = forms.answers_form(own.questions(), {})
    given = form.check_answers()
    if form.errors:
        return _answers_page(own, form), 422
    with saying_at(form), unit_of_work():
        registrations.change_answers(
            registration_id, given, person_id=current.person_id(), actor=current.actor()
        )
    if form.errors:
        return _answers_page(own, form), 409
    flash(_("修改已保存，编号没有变。"), "seated")
    return redirect(url_for("registrations.receipt", registration_id=registration_id), 303)


@bp.get("/my/registrations/<int:registration_id>/withdrawal")
def withdraw(registration_id: int) -> Page:
    """Show what withdrawing means, with the button."""
    own = receipts.get(registration_id)
    if own.registration.state is RegistrationState.WITHDRAWN:
        return redirect(url_for("registrations.receipt", registration_id=registration_id), 302)
    return render_template("employee/registrations/withdraw.html", r=own.shown(), c=own.card)


@bp.post("/my/registrations/<int:registration_id>/withdrawal")
def withdraw_now(registration_id: int) -> Page:
    """Withdraw; the next person on the waiting list is seated in the same unit of work."""
    with unit_of_work():
        given_up = withdrawing.withdraw(registration_id, person_id=current.person_id(), actor=current.actor())
    if given_up is RegistrationState.SEATED:
        flash(_("已退出报名，名额已经让出。"), "plain")
    elif given_up is RegistrationState.WAITING:
        flash(_("已退出候补。"), "plain")
    return redirect(url_for("registrations.receipt", registration_id=registration_id), 303)


@bp.get("/my/registrations/<int:registration_id>/calendar.ics")
def calendar_file(registration_id: int) -> Response:
    """Send the activities as calendar entries."""
    own = receipts.get(registration_id, state=RegistrationState.SEATED)
    body = calendar.download(own.campaign, registration_id, house=calendar.house(), now=current.now())
    return _download(body, "text/calendar; charset=utf-8", f"{own.campaign.slug}.ics")


@bp.get("/my/registrations/<int:registration_id>/ticket.png")
def picture(registration_id: int) -> Response:
    """Send the QR code as a picture, to be saved on the phone."""
    own = receipts.get(registration_id, state=RegistrationState.SEATED)
    return _download(qr.png(own.ticket_address), "image/png", f"{own.campaign.slug}.png")


def _blank_form(campaign: CampaignFacts, entry: SignUpFormFacts) -> str:
    """The blank form: one cached page for everybody, with holes for the visitor's facts."""
    total, who = campaign.total, current.visitor()
    left = NumberHole("free", total.free) if total else None
    waiting = NumberHole("waiting", campaign.waiting)

    def context() -> dict[str, object]:
        card = campaign_view_models.card(campaign, now=current.now(), notice=entry.notice).at_rest()
        form = forms.sign_up_form(entry.questions, entry.notice, {})
        form.idempotency_key.data = Hole("key")
        form.mark_language(campaign.lang)
        blank = replace(receipts.person_words(), name=Hole("name"), unit=Hole("unit"))
        return {"c": replace(card, free=left, waiting=waiting), "form": form, "person": blank}

    holes = {
        "name": who.name,
        "unit": who.unit,
        "key": forms.new_key(),
        "free": total.free if total else None,
        "waiting": campaign.waiting,
    }
    about = (campaign.id, campaign.version, left, waiting, who.gender)
    return render("employee/registrations/sign_up.html", about=about, holes=holes, context=context)


def _sign_up_page(campaign: CampaignFacts, notice: NoticeFacts, form: SignUpForm) -> str:
    shown = campaign_view_models.card(campaign, now=current.now(), notice=notice)
    form.mark_language(campaign.lang)
    return render_template(
        "employee/registrations/sign_up.html", c=shown, form=form, person=receipts.person_words()
    )


def _answers_page(own: receipts.OwnRegistration, form: AnswersForm, *, offer_change: bool = False) -> str:
    form.mark_language(own.campaign.lang)
    return render_template(
        "employee/registrations/answers.html",
        r=own.shown(),
        c=own.card,
        form=form,
        person=receipts.person_words(),
        offer_change=offer_change,
    )


def _refused(slug: str, notice: NoticeFacts, form: SignUpForm, refused: Refused) -> Page:
    """Show the form again with the reason at its top; if the request's key was used for other answers, offer to change them."""
    if refused.code == "request.other_body":
        return _offer_change(int(str(refused.facts["result_id"])), form)
    form.say_of_all(refused.code, refused.facts)
    return _sign_up_page(campaigns.get_campaign(slug), notice, form), 409


def _receipt(receipt: SignUpResult, form: SignUpForm) -> Page:
    if (
        not receipt.created
        and receipt.state is not RegistrationState.WITHDRAWN
        and reading.answers_of(receipt.id) != form.typed()
    ):
        return _offer_change(receipt.id, form)
    return redirect(url_for("registrations.receipt", registration_id=receipt.id), 303)


def _offer_change(registration_id: int, form: SignUpForm) -> Page:
    """Offer to change the answers of an existing registration to the typed ones."""
    own = receipts.get(registration_id)
    if own.registration.state is RegistrationState.WITHDRAWN:
        return redirect(url_for("registrations.receipt", registration_id=registration_id), 303)
    return _answers_page(own, form, offer_change=True), 409


def _changeable(registration_id: int) -> receipts.OwnRegistration:
    own = receipts.get(registration_id)
    if own.registration.state is RegistrationState.WITHDRAWN:
        raise NotFound("registration")
    check_changeable(own.campaign.window, now=current.now())
    return own


def _download(body: bytes, kind: str, name: str) -> Response:
    answer = make_response(body)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
