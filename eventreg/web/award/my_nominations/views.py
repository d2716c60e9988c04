"""A nominee's pages: what others will see of the nomination, consents, and corrections."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.campaigns import service as campaigns
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.nominations.files import service as files
from eventreg.nominations.files.rules import MaterialPart
from eventreg.nominations.signing import consents
from eventreg.nominations.signing.consents import OwnNomination
from eventreg.nominations.signing.rules import NOTICE_VERSION, ConsentAnswer, ConsentPurpose
from eventreg.people import units
from eventreg.web.app import current, pages
from eventreg.web.app.attachments import attachment
from eventreg.web.app.view_types import Page
from eventreg.web.award.signing import changed_parts
from eventreg.web.award.signing import forms as signature_forms
from eventreg.web.award.signing import view_models as signature_view_models
from eventreg.web.award.signing.forms import CorrectionForm
from eventreg.web.forms.plain_form import saying_at
from eventreg.words import refusals
from eventreg.words.award import award_words, signing_words

bp = Blueprint("my_nominations", __name__)

SAID = {
    ConsentAnswer.GIVEN: lambda: _("已记下你的同意，随时可以撤回。"),
    ConsentAnswer.DECLINED: lambda: _("已记下你不同意。改了主意，随时可以再选。"),
    ConsentAnswer.WITHDRAWN: lambda: _("已撤回同意。"),
}


@bp.get("/my/nominations")
def mine() -> str:
    """List the visitor's nominations."""
    found = consents.list_own(current.person_id())
    named = campaigns.campaigns_by_id({one.campaign_id for one, _said in found})
    paths = units.paths_of({one.unit_id for one, _said in found})
    lines = [
        signature_view_models.own_line(one, said, named[one.campaign_id], paths[one.unit_id])
        for one, said in found
    ]
    return render_template("award/my_nominations/mine.html", nominations=lines)


@bp.get("/my/nominations/<int:nomination_id>")
def own(nomination_id: int) -> str:
    """Show the privacy notice, exactly what judges and the public notice show, and the nominee's answers."""
    return _page(_find(nomination_id), signature_forms.correction_form())


@bp.post("/my/nominations/<int:nomination_id>/consent")
def consent(nomination_id: int) -> Page:
    """Consent to one purpose, decline it, or withdraw a consent."""
    found = _find(nomination_id)
    purpose, said, seen = (request.form.get(name, "") for name in ("purpose", "answer", "seen"))
    if purpose not in set(ConsentPurpose) or said not in set(ConsentAnswer):
        return _page(found, _unsent(), trouble=refusals.say("consent.no_purpose", {})), 422
    try:
        with unit_of_work():
            consents.answer(
                nomination_id, ConsentPurpose(purpose), ConsentAnswer(said), seen=seen, actor=current.actor()
            )
    except Refused as refused:
        said_no = refusals.say(refused.code, refused.facts)
        return _page(_find(nomination_id), _unsent(), trouble=said_no), 409
    flash(SAID[ConsentAnswer(said)](), "plain")
    return redirect(url_for("my_nominations.own", nomination_id=nomination_id, _anchor=purpose), 303)


@bp.post("/my/nominations/<int:nomination_id>/correction")
def correct(nomination_id: int) -> Page:
    """Report to the department's contacts what is wrong."""
    found, form = _find(nomination_id), signature_forms.correction_form()
    with saying_at(form, "text"), unit_of_work():
        consents.correct(nomination_id, form.text.data or "", actor=current.actor())
    if form.errors:
        return _page(found, form), 422
    flash(_("已发给单位联系人。"), "plain")
    return redirect(url_for("my_nominations.own", nomination_id=nomination_id, _anchor="wrong"), 303)


@bp.get("/my/nominations/<int:nomination_id>/files/<file_id>")
def file(nomination_id: int, file_id: str) -> Response:
    """Send the copy of a file that judges get."""
    within = [_find(nomination_id).found.id]
    found, copy = files.get(file_id, within=within), files.stripped(file_id, within=within)
    if found.part is MaterialPart.MINUTES:
        raise NotFound(
            "nomination_file"
        )  # the minutes of the selection are shown neither to nominees nor to judges
    return attachment(copy, name=found.name, kind=str(found.kind))


def _find(nomination_id: int) -> OwnNomination:
    return consents.get_own(nomination_id, current.person_id())


def _unsent() -> CorrectionForm:
    form = signature_forms.correction_form()
    form.text.data = ""
    return form


def _changes(found: OwnNomination) -> dict[str, tuple[changed_parts.ChangedPart, ...]]:
    """For each purpose, what has changed since she last answered."""
    before = {purpose: consents.answered_before(found.found, purpose) for purpose in found.shown}
    return {
        str(purpose): changed_parts.disclosed_changes(old, found.shown[purpose])
        for purpose, old in before.items()
        if old is not None
    }


def _page(found: OwnNomination, form: CorrectionForm, *, trouble: str = "") -> str:
    campaign = campaigns.campaign_by_id(found.found.campaign_id)
    return render_template(
        "award/my_nominations/own.html",
        title=campaign.title,
        lang=campaign.lang,
        nomination_id=found.found.id,
        standing=award_words.state(str(found.found.state)),
        outcome=signing_words.outcome(str(found.found.state)),
        consent_url=url_for("my_nominations.consent", nomination_id=found.found.id),
        privacy=signature_view_models.notice(pages.site().owner, campaign),
        privacy_version=NOTICE_VERSION,
        purposes=signature_view_models.purposes(found, campaign),
        copies=signature_view_models.copies(found.found.id),
        changes=_changes(found),
        corrections=signature_view_models.corrections(found, campaign),
        form=form,
        trouble=trouble,
    )
