"""Signing in and out, and the choice of the language."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.accounts import grants as house
from eventreg.accounts import sessions, sign_in_codes
from eventreg.accounts.rules import can_be_identifier
from eventreg.accounts.sign_in_codes import CodeOutcome
from eventreg.campaigns import campaign_grants
from eventreg.campaigns.access import ORGANISERS
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.people import service as people
from eventreg.web.app import current, errors, pages
from eventreg.web.app.addresses import safe_path
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.words import locale, refusals

from . import forms

bp = Blueprint("account", __name__)

NEXT = "next"
IDENTIFIER = "identifier"
WRONG = {  # a valid printed code is refused for a person who has a role
    CodeOutcome.WRONG: "sign_in.wrong_code",
    CodeOutcome.DEAD: "sign_in.dead_code",
    CodeOutcome.RIGHT: "sign_in.needs_mail",
}
TYPED = "typed-"  # prefix of fields that are sent along while the language is switched


@bp.get("/sign-in")
def sign_in() -> Page:
    """Show the form for a staff number or mail address; privileged pages ask again after some time."""
    target = safe_path(request.args.get("next"))
    if current.visitor().signed_in and (current.visitor().elevated or target is None):
        return redirect(target or _landing(), 302)
    return render_template("employee/account/sign_in.html", form=forms.sign_in_form(target or ""))


@bp.post("/sign-in")
def ask_code() -> Page:
    """Post a code to the named person; the answer is the same if there is none."""
    form = forms.sign_in_form(safe_path(request.form.get("next")) or "")
    identifier = (form.identifier.data or "").strip()
    if not identifier:
        form.say("identifier", "sign_in.no_identifier")
    elif not can_be_identifier(identifier):
        form.say("identifier", "sign_in.no_such_form")
    if form.errors:
        return render_template("employee/account/sign_in.html", form=form), 422
    with saying_at(form, "identifier"):
        _ask(identifier)
    if form.errors:
        asked = bool(session.get(current.ASKED))
        return render_template("employee/account/sign_in.html", form=form, asked=asked), 429
    session[NEXT], session[IDENTIFIER] = form.next.data, identifier[:254]
    return redirect(url_for("account.enter_code"), 303)


@bp.post("/sign-in/again")
def resend_code() -> Page:
    """Post another code for the same name; the earlier one stays valid for its ten minutes."""
    identifier = session.get(IDENTIFIER, "")
    if not identifier:
        return redirect(url_for("account.sign_in"), 303)
    try:
        _ask(identifier)
    except Refused as refused:
        flash(refusals.say(refused.code, refused.facts), "refused")
        return redirect(url_for("account.enter_code"), 303)
    flash(_("又发了一个验证码；之前发的，10 分钟内也还有效。"), "plain")
    return redirect(url_for("account.enter_code"), 303)


@bp.get("/sign-in/code")
def enter_code() -> Page:
    """Show the form for the code, only in the browser that requested it."""
    if not session.get(current.ASKED):
        return redirect(url_for("account.sign_in"), 302)
    return render_template("employee/account/enter_code.html", form=forms.code_form())


@bp.post("/sign-in/code")
def try_code() -> Page:
    """Try a code. The counted attempt and the session are one unit of work; a wrong code is returned and not rolled back."""
    browser, form = session.get(current.ASKED, ""), forms.code_form()
    if not browser:
        return redirect(url_for("account.sign_in"), 303)
    typed, token = form.code.data or "", ""
    if not typed.strip():
        form.say("code", "answer.missing")
        return render_template("employee/account/enter_code.html", form=form), 422
    with unit_of_work():
        verdict = sign_in_codes.enter(typed, browser=browser, keys=current.keys(), now=current.now())
        if verdict.person_id is not None and not _needs_mail(verdict):
            token = current.sign_in(verdict.person_id, way="code")
    if token:
        return signed_in(token)
    form.say("code", WRONG[verdict.what], tries_left=verdict.tries_left)
    return render_template("employee/account/enter_code.html", form=form), 422


def _needs_mail(verdict: sign_in_codes.CodeAttempt) -> bool:
    """Roles need a code by mail: the person who printed a code could use the role otherwise."""
    person_id, by = verdict.person_id, verdict.printed_by
    if person_id is None or by is None:
        return False
    now = current.now()
    in_care = house.units_in_care(by, now=now)
    return bool(campaign_grants.who_needs_mail([person_id], in_care=in_care, now=now))


@bp.post("/sign-out")
def sign_out() -> Page:
    """End this browser's session at once, on the server."""
    who = current.visitor()
    if who.session_id is not None and who.person_id is not None:
        with unit_of_work():
            sessions.end(who.session_id, actor=current.actor())
    current.forget()
    flash(_("已退出登录。"), "plain")
    return redirect(url_for("public.home"), 303)


@bp.post("/language")
def language() -> Page:
    """Switch the language of pages and letters; a form that was shown again is kept."""
    wish = locale.choose(request.form.get("language"))
    session[current.LANGUAGE] = wish
    who = current.visitor()
    if who.person_id is not None and who.locale != wish:
        with unit_of_work():
            people.choose_locale(who.person_id, wish)
    typed = [
        (n.removeprefix(TYPED), value) for n, value in request.form.items(multi=True) if n.startswith(TYPED)
    ]
    here = safe_path(request.form.get("next"), method="POST")
    if typed and here:
        pages.speak_anew()
        return errors.again(here, typed)
    return redirect(safe_path(request.form.get("next")) or url_for("public.home"), 303)


def signed_in(token: str) -> Response:
    """Set the new session and redirect to the page that the visitor wanted, where their unsent form is shown."""
    target = session.pop(NEXT, None)
    session.pop(IDENTIFIER, None)
    current.carry(token)
    kept = current.kept_form()
    if kept is not None:
        flash(_("登录前没有提交的内容放回表单里了，请核对后再按一次按钮。"), "plain")
    return redirect((kept.page if kept else None) or safe_path(target) or _landing(), 303)


def _landing() -> str:
    """Where somebody who signed in without a page in mind begins: organisers with what there is to do, others at home."""
    return url_for("manage.overview" if current.roles() & ORGANISERS else "public.home")


def _ask(identifier: str) -> None:
    with unit_of_work():
        browser = sign_in_codes.ask(
            identifier,
            address=request.remote_addr or "",
            locale=locale.current(),
            keys=current.keys(),
            now=current.now(),
            marks=current.browser_marks(),
            before=session.get(current.ASKED, ""),
        )
    session[current.ASKED] = browser
