"""The texts of a campaign's letters: list the kinds, edit, preview and save each in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from eventreg.campaigns import wording
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.wording import LetterWords
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.delivery.contents import default_wording
from eventreg.web.app import current
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.web.organiser import letter_previews, organiser_scope
from eventreg.web.organiser.campaigns import view_models as plan_view_models
from eventreg.web.organiser.steps import seen, step
from eventreg.words.delivery import letter_words

from .forms import LANGS, WordingForm, wording_form

bp = Blueprint("wording", __name__)


@bp.get("/manage/campaigns/<slug>/wording")
def kinds(slug: str) -> str:
    """List the kinds of letters, and whether each has the default text or the organiser's."""
    found = organiser_scope.get_campaign(slug)
    plan, own = plan_view_models.plan(found, now=current.now()), wording.written(found.id, found.version)
    lines = [
        _letter(kind, found, [lang for k, lang in own if k == kind])
        for kind in default_wording.kinds_of(found)
    ]
    return render_template(
        "organiser/wording/kinds.html", p=plan, lines=lines, side_nav=organiser_nav(slug, draft=plan.draft)
    )


@bp.get("/manage/campaigns/<slug>/wording/<kind>")
def edit(slug: str, kind: str) -> str:
    """Show the form of one kind of letter, with a preview."""
    found, now = _get(slug, kind)
    return _page(found, kind, wording_form(now, version=found.version), now)


@bp.post("/manage/campaigns/<slug>/wording/<kind>")
def save(slug: str, kind: str) -> Page:
    """Save the text; another button only shows the preview."""
    found, now = _get(slug, kind)
    form = wording_form(now, version=found.version)
    wanted = form.read(default_wording.offered(default_wording.DEFAULTS[kind].codes, found))
    if form.errors:
        return _page(found, kind, form, now), 422
    if "look" in request.form:
        return _page(found, kind, form, wanted, unsaved=True)
    own = {
        lang: None if text == default_wording.default_of(kind, lang) else text
        for lang, text in wanted.items()
    }
    with saying_at(form, version=lambda: organiser_scope.get_campaign(slug).version), unit_of_work():
        wording.change(found.id, kind, own, seen=form.seen, actor=current.actor())
    if form.errors:
        return _page(found, kind, form, wanted, unsaved=True), 409
    flash(_("措辞已保存，以后发的信都这样写。"), "seated")
    return redirect(url_for("wording.kinds", slug=slug), 303)


@bp.post("/manage/campaigns/<slug>/wording/<kind>/default")
def reset(slug: str, kind: str) -> Page:
    """Restore the default text in both languages."""
    found, now = _get(slug, kind)
    nothing = dict.fromkeys(LANGS.values())
    work = partial(wording.change, found.id, kind, nothing, seen=seen(), actor=current.actor())
    told = _("已改回原来的措辞。")

    def page(again: CampaignFacts, refused: Refused) -> str:
        form = wording_form(now, version=again.version)
        form.say_of_all(refused.code, refused.facts)
        return _page(again, kind, form, now)

    return step(slug, work, page, to=url_for("wording.edit", slug=slug, kind=kind), told=told)


def _get(slug: str, kind: str) -> tuple[CampaignFacts, dict[str, LetterWords]]:
    """The campaign, and the current text of this kind of letter by language."""
    found = organiser_scope.get_campaign(slug)
    if kind not in default_wording.kinds_of(found):
        raise NotFound("wording")
    own = wording.written(found.id, found.version)
    return found, {
        lang: own.get((kind, lang)) or default_wording.default_of(kind, lang) for lang in LANGS.values()
    }


def _page(
    found: CampaignFacts,
    kind: str,
    form: WordingForm,
    wanted: Mapping[str, LetterWords],
    *,
    unsaved: bool = False,
) -> str:
    plan = plan_view_models.plan(found, now=current.now())
    own = any(k == kind for k, _lang in wording.written(found.id, found.version))
    return render_template(
        "organiser/wording/edit.html",
        form=form,
        p=plan,
        kind=letter_words.kind(kind),
        names=letter_previews.names(default_wording.offered(default_wording.DEFAULTS[kind].codes, found)),
        letters=letter_previews.shown(kind, found, wanted),
        unsaved=unsaved,
        reset_url=url_for("wording.reset", slug=found.slug, kind=kind) if own else None,
        side_nav=organiser_nav(found.slug, draft=plan.draft),
    )


def _letter(kind: str, campaign: CampaignFacts, own: Sequence[str]) -> plan_view_models.PlanSection:
    """A kind of letter in the list of those that can be worded; `own` are the languages with an organiser's text."""
    spoken = {"zh-CN": _("中文"), "en": _("英文")}
    said = _("，").join(_("%(language)s已改写", language=spoken[lang]) for lang in sorted(own, reverse=True))
    url = url_for("wording.edit", slug=campaign.slug, kind=kind)
    return plan_view_models.PlanSection(letter_words.kind(kind), said or _("用原来的措辞"), url)
