"""Judges read, score, declare that they are recused, and lock. What a judge is recused from is on no page here."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.awards.panel import recusals, seated
from eventreg.awards.panel import service as panel
from eventreg.awards.panel.rules import REASON_MOST, RecusalGround
from eventreg.awards.rounds import service as rounds
from eventreg.awards.rounds.service import RoundFacts
from eventreg.awards.scores import service as scores
from eventreg.campaigns import service as campaigns
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.nominations import reading
from eventreg.nominations.files import service as files
from eventreg.nominations.files.rules import MaterialPart
from eventreg.nominations.reading import NominationFacts
from eventreg.nominations.signing import service as signing
from eventreg.nominations.signing.rules import ConsentPurpose
from eventreg.web.app import current
from eventreg.web.app.attachments import attachment
from eventreg.web.app.view_types import Page
from eventreg.web.award.signing import view_models as signature_view_models
from eventreg.web.forms.plain_form import saying_at
from eventreg.words import refusals

from . import forms, view_models
from .forms import ScoreForm
from .view_models import JudgeRound

bp = Blueprint("judge", __name__)


def judges() -> bool:
    """Whether the visitor votes in a panel now; the guard of the blueprint."""
    return bool(seated.rounds_of(current.person_id()))


@bp.get("/judge")
def desk() -> str:
    """List what the visitor reads, by round."""
    return _desk()


@bp.post("/judge/rounds/<int:round_id>/undertaking")
def pledge(round_id: int) -> Page:
    """Sign the letter of undertaking."""
    _round(round_id)
    if request.form.get("agreed") != "y":
        return _desk(trouble=_("请先勾选承诺，再签。")), 422
    with unit_of_work():
        panel.pledge(round_id, actor=current.actor())
    flash(_("承诺书已签，可以打分了。"), "seated")
    return redirect(url_for("judge.desk"), 303)


@bp.post("/judge/rounds/<int:round_id>/lock")
def lock(round_id: int) -> Page:
    """Say that all is scored; from then on nothing changes."""
    _round(round_id)
    try:
        with unit_of_work():
            scores.lock_scores(round_id, actor=current.actor())
    except Refused as refused:
        return _desk(trouble=refusals.say(refused.code, refused.facts)), 409
    flash(_("打分已确认，不能再改。谢谢你。"), "seated")
    return redirect(url_for("judge.desk"), 303)


@bp.get("/judge/nominations/<int:nomination_id>")
def nomination(nomination_id: int) -> str:
    """Show one nomination as judges read it, and the form of the scores."""
    round_, found, _version = _find(nomination_id)
    own = scores.mine(round_.id, current.person_id()).get(nomination_id)
    return _page(round_, found, forms.score_form(round_.criteria, own))


@bp.post("/judge/nominations/<int:nomination_id>")
def score(nomination_id: int) -> Page:
    """Save the scores; what is wrong stays in the form."""
    round_, found, _version = _find(nomination_id)
    form = forms.score_form(round_.criteria, None)
    values, remark = form.read(round_.criteria), (form.remark.data or "").strip()
    if form.errors:
        return _page(round_, found, form), 422
    with saying_at(form, "remark"), unit_of_work():
        scores.save(round_.id, nomination_id, values, remark, actor=current.actor())
    if form.errors:
        return _page(round_, found, form), 409
    flash(_("已保存。"), "seated")
    return redirect(_next(round_, nomination_id), 303)


@bp.post("/judge/nominations/<int:nomination_id>/recusal")
def declare(nomination_id: int) -> Page:
    """Declare that she is recused: from now on the nomination is hidden from her, and what she gave does not count."""
    round_, found, _version = _find(nomination_id)
    if request.form.get("agreed") != "y":
        own = scores.mine(round_.id, current.person_id()).get(nomination_id)
        said = _("请勾选确认，再申请回避。")
        return _page(round_, found, forms.score_form(round_.criteria, own), trouble=said), 422
    why = request.form.get("why", "").strip()[:REASON_MOST]
    with unit_of_work():
        recusals.recuse(
            round_.id,
            current.person_id(),
            nomination_id,
            RecusalGround.DECLARED,
            why,
            actor=current.actor(),
        )
    flash(_("已回避。这份推荐你不再看到，打过的分不算。"), "plain")
    return redirect(url_for("judge.desk"), 303)


@bp.get("/judge/nominations/<int:nomination_id>/files/<file_id>")
def file(nomination_id: int, file_id: str) -> Response:
    """Send the copy of a file without names of authors and places of photos; never the minutes of the department."""
    _find(nomination_id)
    within = [nomination_id]
    kept, copy = files.get(file_id, within=within), files.stripped(file_id, within=within)
    if kept.part is MaterialPart.MINUTES:
        raise NotFound("nomination_file")
    return attachment(copy, name=kept.name, kind=str(kept.kind))


def _round(round_id: int) -> RoundFacts:
    """A round that the visitor votes in. Raises NotFound for all others."""
    found = next((one for one in seated.rounds_of(current.person_id()) if one.id == round_id), None)
    if found is None:
        raise NotFound("round")
    return found


def _find(nomination_id: int) -> tuple[RoundFacts, NominationFacts, int]:
    """A nomination that the visitor reads, its round, and the frozen version. Raises NotFound for all others."""
    for round_ in seated.rounds_of(current.person_id()):
        version = scores.readable(round_.id, current.person_id()).get(nomination_id)
        if version is not None:
            return round_, reading.submitted([nomination_id])[0], version
    raise NotFound("nomination")


def _next(round_: RoundFacts, nomination_id: int) -> str:
    """The next nomination that lacks a score, else the list."""
    own = scores.mine(round_.id, current.person_id())
    order = [one.id for one in _listed(round_)]
    turned = order[order.index(nomination_id) + 1 :] + order[: order.index(nomination_id)]
    left = (id_ for id_ in turned if not view_models.is_complete(own.get(id_), round_))
    first = next(left, None)
    return url_for("judge.nomination", nomination_id=first) if first else url_for("judge.desk")


def _listed(round_: RoundFacts) -> list[NominationFacts]:
    readable = scores.readable(round_.id, current.person_id())
    return rounds.by_strokes(reading.submitted(list(readable)))


def _desk(*, trouble: str = "") -> str:
    return render_template(
        "judge/desk.html",
        rounds=[_of_round(one) for one in seated.rounds_of(current.person_id())],
        trouble=trouble,
    )


def _of_round(round_: RoundFacts) -> JudgeRound:
    me, campaign = current.person_id(), campaigns.campaign_by_id(round_.campaign_id)
    mine = next(one for one in seated.members(round_.id) if one.person.id == me)
    own, listed = scores.mine(round_.id, me), _listed(round_)
    left = [one.id for one in listed if not view_models.is_complete(own.get(one.id), round_)]
    return JudgeRound(
        round_.id,
        campaign.title,
        campaign.lang,
        tuple(view_models.line(one, own.get(one.id), round_) for one in listed),
        mine.pledged_at is not None,
        mine.locked_at is not None,
        round_.is_open,
        len(listed) - len(left),
        url_for("judge.nomination", nomination_id=left[0]) if left else "",
    )


def _page(round_: RoundFacts, found: NominationFacts, form: ScoreForm, *, trouble: str = "") -> str:
    campaign = campaigns.campaign_by_id(round_.campaign_id)
    version = scores.readable(round_.id, current.person_id())[found.id]
    shown = signing.shown_of(found, reading.saved(found.id, version).content)[ConsentPurpose.JUDGES]
    mine = next(one for one in seated.members(round_.id) if one.person.id == current.person_id())
    listed = [one.id for one in _listed(round_)]
    at = listed.index(found.id)
    around = [
        url_for("judge.nomination", nomination_id=listed[n]) if 0 <= n < len(listed) else ""
        for n in (at - 1, at + 1)
    ]
    return render_template(
        "judge/nomination.html",
        c=campaign,
        name=shown.name,
        told=view_models.shown(shown),
        deeds=shown.deeds,
        copies=signature_view_models.copies(found.id, "judge.file"),
        form=form,
        fields=[form[forms.name_of(one)] for one in round_.criteria],
        may_score=round_.is_open and mine.pledged_at is not None and mine.locked_at is None,
        pledged=mine.pledged_at is not None,
        is_open=round_.is_open,
        before_url=around[0],
        after_url=around[1],
        nomination_id=found.id,
        trouble=trouble,
    )
