"""Pages of employees: sign up, see the ticket, change answers, withdraw."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import SignUpFormFacts
from eventreg.campaigns.rules import check_changeable, check_open
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.delivery.contents import calendar
from eventreg.nominations.signing import consents, who_may_sign
from eventreg.people import service as people
from eventreg.registrations import reading
from eventreg.registrations import service as registrations
from eventreg.registrations.rules import Outcome, RegistrationState
from eventreg.registrations.service import Application, RegistrationSource, SignUpResult
from eventreg.season import changing_over, withdrawing
from eventreg.web.app import current
from eventreg.web.app.attachments import made_here
from eventreg.web.app.numbers import whole_number
from eventreg.web.app.view_types import Page
from eventreg.web.employee.public.prospects import prospects_of

from . import forms, receipts, sign_up_pages
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
    typed = kept.pairs if kept and kept.path == path else []
    entry = campaigns.entry_for(campaign)
    try:
        check_open(campaign.window, now=current.now())
    except Refused as refused:
        if not typed:
            return redirect(url_for("public.campaign", slug=slug), 302)
        form = forms.sign_up_form(entry, typed)
        form.say_of_all(refused.code, refused.facts)
        return sign_up_pages.filled(campaign, entry.notice, form)
    prospect = prospects_of([campaign])[campaign.id]
    if prospect.outcome is Outcome.NOT_FOR_YOU:
        return redirect(url_for("public.campaign", slug=slug), 302)
    if typed:
        form = forms.sign_up_form(entry, typed)
        form.say_changed(entry, dict(typed))
        return sign_up_pages.filled(campaign, entry.notice, form)
    return sign_up_pages.blank(campaign, entry, prospect)


@bp.post("/campaigns/<slug>/registration")
def register(slug: str) -> Page:
    """Sign up in one unit of work, then redirect to the receipt. Asked twice, it leads to the same receipt."""
    entry = campaigns.get_entry(slug)
    form = forms.sign_up_form(entry)
    answers = form.check_answers()
    form.check_consent(entry.notice.id)
    if form.errors:
        form.say_changed(entry, request.form)
        return sign_up_pages.filled(campaigns.get_campaign(slug), entry.notice, form), 422
    application = Application(
        person_id=current.person_id(),
        answers=answers,
        notice_id=entry.notice.id,
        consented=True,
        source=RegistrationSource.WEB,
        key=(form.idempotency_key.data or "")[:64],
        shown=form.told_form(entry),
    )
    try:
        with unit_of_work():
            receipt = _sign_up(entry.campaign_id, application)
    except Refused as refused:
        return _refused(slug, entry, form, refused)
    current.drop_kept_form()
    return _receipt(receipt, form)


def _sign_up(campaign_id: int, application: Application) -> SignUpResult:
    """Sign up, and give up the registration in another campaign of the group that the visitor agreed to give up."""
    instead_of = whole_number(request.form.get("instead_of"))
    if instead_of:
        return changing_over.change_over(instead_of, campaign_id, application, actor=current.actor())
    return registrations.register(campaign_id, application, actor=current.actor())


@bp.get("/my/registrations/<int:registration_id>")
def receipt(registration_id: int) -> str:
    """Show the receipt: a ticket, a position on the waiting list, or that the registration was withdrawn."""
    return receipts.get(registration_id).page()


@bp.get("/my/registrations/<int:registration_id>/answers")
def answers(registration_id: int) -> Page:
    """Show the form with the current answers."""
    own = _changeable(registration_id)
    if own is None:
        return _ended(registration_id)
    return _answers_page(own, forms.answers_form(own.entry, own.answers))


@bp.post("/my/registrations/<int:registration_id>/answers")
def change_answers(registration_id: int) -> Page:
    """Replace the answers; the place and the arrival number stay."""
    own = _changeable(registration_id)
    if own is None:
        return _ended(registration_id)
    form = forms.answers_form(own.entry, own.answers)
    given = form.check_answers()
    if form.errors:
        form.answers_version.data = form.seen_answers
        form.say_changed(own.entry, request.form)
        return _answers_page(own, form), 422
    try:
        with unit_of_work():
            registrations.change_answers(
                registration_id,
                given,
                person_id=current.person_id(),
                actor=current.actor(),
                shown=form.told_form(own.entry),
                seen=form.seen_answers,
            )
    except Refused as refused:
        return _unchanged(registration_id, refused), 409
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
def picture(registration_id: int) -> Page:
    """Send the whole ticket as a picture, to be saved on the phone."""
    own = receipts.get(registration_id, state=RegistrationState.SEATED)
    name = f"{own.campaign.title}-{own.registration.arrival}.png"
    return made_here(own.picture, name=name, kind="png", back=receipts.url_of_own(registration_id))


def _answers_page(own: receipts.OwnRegistration, form: AnswersForm, *, offer_change: bool = False) -> str:
    form.mark_language(own.campaign.lang)
    seated = own.registration.state is RegistrationState.SEATED
    form.show_places(own.campaign.pools, own.answers if seated else None)
    return render_template(
        "employee/registrations/answers.html",
        r=own.shown(),
        c=own.card,
        form=form,
        person=receipts.person_words(),
        offer_change=offer_change,
    )


def _refused(slug: str, entry: SignUpFormFacts, form: SignUpForm, refused: Refused) -> Page:
    """Show the form again with the reason at its top; if the request's key was used for other answers, offer to change them."""
    if refused.code == "request.other_body":
        return _offer_change(int(str(refused.facts["result_id"])), form)
    campaign = campaigns.get_campaign(slug)
    if refused.code == "registration.form_changed":
        entry = campaigns.entry_for(campaign)
        form = forms.sign_up_form(entry)
        form.say_changed(entry, {"form_version": "", **request.form})
    else:
        form.say_of_all(refused.code, refused.facts)
    if refused.code == "registration.one_of_taken":
        form.instead_of = int(str(refused.facts.get("registration", 0)))
        form.idempotency_key.data = forms.new_key()
    return sign_up_pages.filled(campaign, entry.notice, form), 409


def _unchanged(registration_id: int, refused: Refused) -> str:
    """The form of the answers as it is now, with what was typed, after a refusal."""
    own = receipts.get(registration_id)
    form = forms.answers_form(own.entry, own.answers)
    if refused.code == "registration.form_changed":
        form.say_changed(own.entry, {"form_version": "", **request.form})
    else:
        form.say_refused(refused)
    if refused.code == "registration.answers_changed":
        form.now_stored = own.told_answers()
    return _answers_page(own, form)


def _receipt(receipt: SignUpResult, form: SignUpForm) -> Page:
    if (
        not receipt.created
        and receipt.state is not RegistrationState.WITHDRAWN
        and _given(receipt.id, form) != form.typed()
    ):
        return _offer_change(receipt.id, form)
    return redirect(url_for("registrations.receipt", registration_id=receipt.id), 303)


def _given(registration_id: int, form: SignUpForm) -> dict[str, str]:
    """The stored answers to the questions of the form."""
    return {key: value for key, value in reading.answers_of(registration_id).items() if key in form.asked}


def _offer_change(registration_id: int, form: SignUpForm) -> Page:
    """Offer to change the answers of an existing registration to the typed ones."""
    own = receipts.get(registration_id)
    form.say_changed(own.entry, request.form)
    form.stamp(own.entry, own.answers)
    if own.registration.state is RegistrationState.WITHDRAWN:
        return redirect(url_for("registrations.receipt", registration_id=registration_id), 303)
    return _answers_page(own, form, offer_change=True), 409


def _changeable(registration_id: int) -> receipts.OwnRegistration | None:
    """The registration, whose answers can be changed; None for one that ended, maybe while its form was open."""
    own = receipts.get(registration_id)
    if own.registration.state is RegistrationState.WITHDRAWN:
        return None
    check_changeable(own.campaign.window, now=current.now())
    return own


def _ended(registration_id: int) -> Page:
    flash(_("这份报名已经退出，没有再办。"), "plain")
    return redirect(url_for("registrations.receipt", registration_id=registration_id), 303)


def _download(body: bytes, kind: str, name: str) -> Response:
    answer = make_response(body)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
