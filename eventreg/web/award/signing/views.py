"""Pages of department heads and their delegates: read, sign or return nominations."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.accounts.sign_in_codes import CodeOutcome
from eventreg.campaigns import service as campaigns
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import NotFound
from eventreg.nominations import reading
from eventreg.nominations.files import service as files
from eventreg.nominations.papers import submitted_terms
from eventreg.nominations.signing import signatures, who_may_sign
from eventreg.nominations.signing.signatures import NominationToSign, SeenVersion
from eventreg.web.app import current
from eventreg.web.app.attachments import attachment
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.words import locale

from . import changed_parts, forms, view_models
from .forms import ReturnForm, SignForm

bp = Blueprint("signing", __name__)

CONFIRMING = "confirming"  # in the cookie: the purpose of the last code, and the browser's token for it


def signs() -> bool:
    """Whether the visitor is a head or a delegate now; the guard of the blueprint."""
    return who_may_sign.is_signer(current.person_id(), now=current.now())


@bp.get("/unit/signatures")
def mine() -> str:
    """List nominations that wait for a signature, and signed ones."""
    me, now = current.person_id(), current.now()
    found = signatures.list_for(me, now=now)
    awards = campaigns.campaigns_by_id({one.campaign_id for one, _signed in found})
    names = view_models.names_of(signed for _one, signed in found)
    lines = [
        view_models.line(one, signed, awards[one.campaign_id], mine=me, names=names) for one, signed in found
    ]
    return render_template(
        "award/signing/mine.html",
        due=[one for one in lines if one.state and one.state[0] == "waiting"],
        others=[one for one in lines if one.state and one.state[0] != "waiting"],
        is_head=bool(who_may_sign.own_units(me, now=now)),
    )


@bp.get("/unit/signatures/<int:nomination_id>")
def paper(nomination_id: int) -> str:
    """Show a nomination with what changed since it was signed, and the form to sign it."""
    found = _find(nomination_id)
    return _page(found, forms.sign_form(found), forms.return_form(found))


@bp.post("/unit/signatures/<int:nomination_id>/code")
def send_code(nomination_id: int) -> Page:
    """Mail a code for signing the version that the page showed."""
    found = _find(nomination_id)
    form = forms.sign_form(found)
    spoken = locale.current()
    with saying_at(form), unit_of_work():
        browser = signatures.ask_code(
            nomination_id,
            seen=form.seen,
            actor=current.actor(),
            locale=spoken,
            before=_browser(nomination_id, form.seen),
        )
    if form.errors:
        return _changed_page(nomination_id, form), 409
    session[CONFIRMING] = [_mark(nomination_id, form.seen), browser]
    flash(_("签字验证码已发到你的工作邮箱。"), "plain")
    return redirect(url_for("signing.paper", nomination_id=nomination_id, _anchor="sign"), 303)


@bp.post("/unit/signatures/<int:nomination_id>")
def sign(nomination_id: int) -> Page:
    """Sign. The attempt and the signature are one unit of work; a wrong code is returned and not rolled back."""
    found = _find(nomination_id)
    form = forms.sign_form(found)
    typed = (form.code.data or "").strip()
    if not typed:
        form.say("code", "answer.missing")
        return _page(found, form, _unsent(found)), 422
    with saying_at(form), unit_of_work():
        verdict = signatures.sign(
            nomination_id,
            typed,
            seen=form.seen,
            browser=_browser(nomination_id, form.seen),
            actor=current.actor(),
        )
    if form.errors:
        return _changed_page(nomination_id, form), 409
    if verdict.what is not CodeOutcome.RIGHT:
        wrong = "sign_in.wrong_code" if verdict.what is CodeOutcome.WRONG else "sign_in.dead_code"
        form.say("code", wrong, tries_left=verdict.tries_left)
        return _page(found, form, _unsent(found)), 422
    session.pop(CONFIRMING, None)
    flash(_("已签字。"), "seated")
    return redirect(url_for("signing.paper", nomination_id=nomination_id), 303)


@bp.post("/unit/signatures/<int:nomination_id>/return")
def give_back(nomination_id: int) -> Page:
    """Return it to the department's contacts with a reason."""
    found = _find(nomination_id)
    form = forms.return_form(found)
    reason = (form.reason.data or "").strip()
    with saying_at(form), unit_of_work():
        signatures.give_back(nomination_id, reason, seen=form.seen.version, actor=current.actor())
    if form.reason.errors:
        return _page(found, _unsigned(found), form), 422
    if form.errors:
        return _back_again(nomination_id, form), 409
    flash(_("已退回，部门联系人会收到通知。"), "plain")
    return redirect(url_for("signing.paper", nomination_id=nomination_id), 303)


@bp.get("/unit/signatures/<int:nomination_id>/files/<file_id>")
def file(nomination_id: int, file_id: str) -> Response:
    """Send one of its files as it was uploaded."""
    found = files.get(file_id, within=[_find(nomination_id).found.id])
    return attachment(found.path, name=found.name, kind=str(found.kind))


def _find(nomination_id: int) -> NominationToSign:
    return signatures.get(nomination_id, current.person_id(), now=current.now())


def _changed_page(nomination_id: int, form: SignForm) -> str:
    """The current page with the changes, when the seen version is outdated or cannot be signed."""
    now_there, seen = _find(nomination_id), form.seen
    form.show(now_there)
    form.code.data = ""
    return _page(now_there, form, _unsent(now_there), seen=seen)


def _back_again(nomination_id: int, form: ReturnForm) -> str:
    """The current page with the typed reason."""
    now_there, seen = _find(nomination_id), form.seen
    form.show(now_there)
    return _page(now_there, _unsigned(now_there), form, seen=seen)


def _page(
    found: NominationToSign, form: SignForm, back: ReturnForm, *, seen: SeenVersion | None = None
) -> str:
    campaign = campaigns.campaign_by_id(found.found.campaign_id)
    asks = submitted_terms.terms_for(campaign, found.found.id, found.saved.number)
    before = _seen_before(found, seen) or found.before
    content = found.saved.content
    return render_template(
        "award/signing/paper.html",
        p=view_models.paper(found, campaign, asks, mine=current.person_id()),
        changes=changed_parts.changes(before.content, content, asks) if before else (),
        files_differ=found.files_differ,
        form=form,
        back=back,
        asked=bool(_browser(found.found.id, form.seen)),
    )


def _seen_before(found: NominationToSign, seen: SeenVersion | None) -> reading.SavedVersion | None:
    """The version that the page showed, if it is another one."""
    if seen is None or seen.version == found.saved.number:
        return None
    try:
        return reading.saved(found.found.id, seen.version)
    except NotFound:
        return None


def _unsent(found: NominationToSign) -> ReturnForm:
    """The other form of the page, which was not sent."""
    form = forms.return_form(found)
    form.reason.data = ""
    form.show(found)
    return form


def _unsigned(found: NominationToSign) -> SignForm:
    form = forms.sign_form(found)
    form.code.data = ""
    form.show(found)
    return form


def _browser(nomination_id: int, seen: SeenVersion) -> str:
    """The browser's token of the requested code, if its purpose is this one."""
    mark, browser = session.get(CONFIRMING) or ("", "")
    return str(browser) if mark == _mark(nomination_id, seen) else ""


def _mark(nomination_id: int, seen: SeenVersion) -> str:
    return f"{nomination_id}:{seen.version}:{seen.digest[:16]}"
