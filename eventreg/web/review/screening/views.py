"""HR's screening of an award: the queue, and one nomination with its checks."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.core.working_days import service as working_days
from eventreg.nominations import access, decisions, reading
from eventreg.nominations.completeness import is_personal
from eventreg.nominations.papers import check_codes, submitted_terms
from eventreg.nominations.reading import NominationFacts
from eventreg.nominations.rules import SENSITIVE, DecisionKind, NominationContent
from eventreg.nominations.screening import index, opinions, queue, service
from eventreg.nominations.screening.queue import QueueFilter
from eventreg.nominations.signing import service as signing
from eventreg.people import units
from eventreg.reminders import by_button
from eventreg.web.app import current, paging
from eventreg.web.app.records import Record
from eventreg.web.app.side_nav import review_nav
from eventreg.web.app.view_types import Page
from eventreg.web.award.drafting import view_models as nomination_view_models
from eventreg.web.forms.plain_form import saying_at
from eventreg.web.review.review_files import views as review_files
from eventreg.words import refusals
from eventreg.words.award import award_words, screening_words

from . import forms, view_models
from .forms import DecisionForm, OpinionForm, SafeForm, decision_form, safe_form, suggested_due

bp = Blueprint("screening", __name__)

FILTERED = ("holds", "signature", "judges", "notice", "paper")  # checks that a list can be filtered by

TEXT_MOST = 80


@bp.get("/review")
def awards() -> str:
    """List the awards with the number of nominations that wait."""
    found = access.list_awards()
    return render_template(
        "review/screening/awards.html", awards=[_award(one) for one in found], side_nav=review_nav()
    )


@bp.get("/review/campaigns/<slug>/nominations")
def nominations(slug: str) -> str:
    """List submitted nominations by state, department and words; several can be accepted together."""
    return _queue(access.get_award_for_hr(slug), safe_form())


@bp.post("/review/campaigns/<slug>/candidates")
def accept_safe(slug: str) -> Page:
    """Make candidates of all ticked nominations that have nothing open."""
    found, form = access.get_award_for_hr(slug), safe_form()
    if not form.confirmed:
        form.say("ticked", "acceptance.confirm")
    if not form.chosen:
        form.say_of_all("acceptance.none_chosen", {})
    if form.errors:
        return _queue(found, form), 422
    with unit_of_work():
        accepted = service.accept_safe(
            found.id, form.chosen, ticked=form.ticked.data or (), actor=current.actor()
        )
    left = len(form.chosen) - accepted
    said = ngettext("%(num)s 人定为候选人。", "%(num)s 人定为候选人。", accepted)
    more = _("%(n)s 份刚才有变动，没有处理，请逐份看。", n=left) if left else ""
    flash(said + more, "seated" if accepted else "waiting")
    return redirect(url_for("screening.nominations", slug=slug), 303)


@bp.post("/review/campaigns/<slug>/reminders/<audience>")
def remind(slug: str, audience: str) -> Page:
    """Write to everybody who has not done what is due: departments, heads, nominees."""
    found = access.get_award_for_hr(slug)
    try:
        with unit_of_work():
            sent = by_button.remind(found.id, audience, actor=current.actor())
    except Refused as refused:
        flash(refusals.say(refused.code, refused.facts), "waiting")
    else:
        flash(ngettext("已写信提醒 %(num)s 人。", "已写信提醒 %(num)s 人。", sent), "seated")
    return redirect(url_for("screening.nominations", slug=slug), 303)


@bp.get("/review/nominations/<int:nomination_id>")
def nomination(nomination_id: int) -> str:
    """Show one nomination: checks, content, similar texts, decisions."""
    campaign, found = queue.get(nomination_id)
    return _page(campaign, found, _form(campaign, found))


@bp.post("/review/nominations/<int:nomination_id>")
def decide(nomination_id: int) -> Page:
    """Accept, return, rule out, or take a decision back."""
    campaign, found = queue.get(nomination_id)
    form = _form(campaign, found)
    verdict, reason, due_at = form.read(campaign.zone)
    if verdict is None or form.errors:
        return _page(campaign, found, form), 422
    with saying_at(form, version=lambda: queue.get(nomination_id)[1].handed_in or 0), unit_of_work():
        if verdict is DecisionKind.CANDIDATE:
            service.accept(
                nomination_id,
                seen=form.seen,
                ticked=form.conditions,
                reason=reason,
                actor=current.actor(),
            )
        else:
            service.decide(
                nomination_id,
                verdict,
                seen=form.seen,
                reason=reason,
                actor=current.actor(),
                due_at=due_at,
            )
    if form.errors:
        return _page(*queue.get(nomination_id), form), 409
    flash(_("审核结论已保存。"), "seated")
    return redirect(url_for("screening.nomination", nomination_id=nomination_id), 303)


@bp.post("/review/nominations/<int:nomination_id>/opinion")
def enter_opinion(nomination_id: int) -> Page:
    """Enter what another office answered."""
    campaign, found = queue.get(nomination_id)
    form = forms.opinion_form()
    read = form.read()
    if read is None:
        return _page(campaign, found, _form(campaign, found), form), 422
    office, answer, note = read
    with saying_at(form), unit_of_work():
        opinions.enter(nomination_id, office, answer, note, actor=current.actor())
    if form.errors:
        return _page(campaign, found, _form(campaign, found), form), 409
    flash(_("征求到的意见已保存。"), "seated")
    return redirect(url_for("screening.nomination", nomination_id=nomination_id, _anchor="opinions"), 303)


def _form(campaign: CampaignFacts, found: NominationFacts) -> DecisionForm:
    """The form of a decision; after the deadline it suggests until when to correct."""
    now = current.now().astimezone(campaign.zone)
    closed = now >= decisions.closes_for(campaign.id, found.unit_id)
    suggested = suggested_due(now, working_days.calendar()) if closed else None
    return decision_form(found.state, found.handed_in or 0, suggested)


def _award(found: CampaignFacts) -> Record:
    counts = queue.counts_of(found.id, QueueFilter())
    told = tuple(
        _("%(state)s %(n)s 份", state=award_words.state(str(state))[1], n=counts[str(state)])
        for state in queue.STATES
        if str(state) in counts
    )
    return Record(
        found.title,
        told or (_("还没有提交的推荐"),),
        url=url_for("screening.nominations", slug=found.slug),
        lang=found.lang,
    )


def _queue(found: CampaignFacts, form: SafeForm) -> str:
    wanted = _wanted()
    page = queue.page_of(found, wanted, number=paging.number(request.args, "page"), now=current.now())
    kept = _kept(wanted)
    return render_template(
        "review/screening/nominations.html",
        c=found,
        form=form,
        wanted=wanted,
        lines=[view_models.screened(line, found, kept) for line in page.lines],
        missing=[(code, screening_words.check(code)) for code in FILTERED],
        counts=view_models.counts(found.slug, page.counts, wanted.state, kept),
        units=[(unit.id, unit.name) for unit in units.list_departments()],
        page=paging.pager("screening.nominations", page.number, page.pages, slug=found.slug, **kept),
        found=page.found,
        filtered=any(kept.values()),
        due=[view_models.due(one, slug=found.slug) for one in by_button.list_due(found, now=current.now())],
        side_nav=review_nav(found.slug),
    )


def _kept(wanted: QueueFilter) -> dict[str, Any]:
    """The filters as they stand in addresses."""
    return {
        "state": wanted.state or None,
        "unit": wanted.unit_id,
        "q": wanted.words or None,
        "missing": wanted.missing or None,
    }


def _wanted() -> QueueFilter:
    """The filters; a value that the page does not offer counts as not chosen."""
    state = request.args.get("state", "")
    return QueueFilter(
        state if state in {str(s) for s in queue.STATES} else "",
        paging.number(request.args, "unit") or None,
        request.args.get("q", "").strip()[:TEXT_MOST],
        missing if (missing := request.args.get("missing", "")) in FILTERED else "",
    )


def _page(
    campaign: CampaignFacts,
    found: NominationFacts,
    form: DecisionForm,
    opinion_form: OpinionForm | None = None,
) -> str:
    saved = reading.saved(found.id, found.handed_in or 0)
    asks = submitted_terms.terms_for(campaign, found.id, found.handed_in)
    line = queue.lines_of(campaign, [found.id], now=current.now())[0]
    deeds = saved.content.deeds
    past = decisions.list_of([found.id]).get(found.id, [])
    wanted = _wanted()
    before, after = queue.neighbours(campaign, wanted, found.id, now=current.now())
    kept = _kept(wanted)
    return render_template(
        "review/screening/nomination.html",
        c=campaign,
        n=view_models.screened(line, campaign),
        staff_no=found.nominee.staff_no,
        told=nomination_view_models.told(signing.for_reviewers(found.id, saved.content), asks),
        withheld=_withheld(found.id, saved.content),
        deeds=deeds,
        counter=nomination_view_models.counter(saved.content, asks),
        checks=view_models.checked(line.checks),
        alike=[view_models.alike(hint) for hint in index.hints(found.id, deeds)],
        repeated=index.repetitions(deeds),
        papers=review_files.papers(found, campaign),
        decisions=[view_models.decided(decision, campaign) for decision in past],
        form=form,
        own=found.nominee.id == current.person_id(),
        personal=is_personal(deeds),
        before_url=url_for("screening.nomination", nomination_id=before, **kept) if before else "",
        after_url=url_for("screening.nomination", nomination_id=after, **kept) if after else "",
        list_url=url_for("screening.nominations", slug=campaign.slug, **kept),
        opinions=view_models.opinions(opinions.opinions_of([found.id])[found.id], campaign),
        opinion_form=opinion_form or forms.opinion_form(),
        nomination_id=found.id,
        number=check_codes.number_of(found.id, found.handed_in or 0),
        side_nav=review_nav(campaign.slug),
    )


def _withheld(nomination_id: int, content: NominationContent) -> list[str]:
    """The names of the sensitive answers that the reviewer does not see, because the nominee has not consented."""
    read = signing.for_reviewers(nomination_id, content)
    return [award_words.field(key) for key in SENSITIVE if content.says(key) != read.says(key)]
