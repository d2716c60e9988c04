"""A round of judging: set its rules, seat its panel, open and close it, read the ranking."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from eventreg.awards.panel import recusals, seated
from eventreg.awards.panel import service as panel
from eventreg.awards.panel.rules import REASON_MOST, PanelPart, RecusalGround
from eventreg.awards.rounds import service as rounds
from eventreg.awards.rounds.rules import NamedCriterion, RoundRules, TieRule
from eventreg.awards.rounds.service import RoundFacts
from eventreg.awards.scores import service as scores
from eventreg.awards.scores.rules import missing
from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.nominations import access, reading
from eventreg.nominations.reading import NominationFacts
from eventreg.people import service as people
from eventreg.web.app import current
from eventreg.web.app.side_nav import review_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.words import refusals

from . import forms, view_models
from .forms import LeavingForm, RecusalForm, RulesForm, SeatForm

bp = Blueprint("rounds", __name__)


def defaults() -> RoundRules:
    """What stands in the form of an award that said nothing: marked there as the product's own."""
    return RoundRules(
        (
            NamedCriterion(_("工作业绩"), 50, 100),
            NamedCriterion(_("思想品德"), 20, 100),
            NamedCriterion(_("创新和贡献"), 20, 100),
            NamedCriterion(_("示范作用"), 10, 100),
        ),
        drops=True,
        tie=TieRule.FIRST_CRITERION,
    )


@bp.get("/review/campaigns/<slug>/rules")
def rules(slug: str) -> str:
    """Show the rules of judging."""
    campaign = access.get_award_for_hr(slug)
    found = rounds.find(campaign.id)
    filled = rounds.rules_of(found) if found else defaults()
    return _rules(campaign, found, forms.rules_form(filled, found.version if found else 0))


@bp.post("/review/campaigns/<slug>/rules")
def set_rules(slug: str) -> Page:
    """Save the rules."""
    campaign = access.get_award_for_hr(slug)
    found = rounds.find(campaign.id)
    form = forms.rules_form(RoundRules(()), 0)
    wanted, reason = form.read(), (form.reason.data or "").strip()
    if form.errors:
        return _rules(campaign, found, form), 422
    with saying_at(form, "title_1"), unit_of_work():
        rounds.set_rules(campaign.id, wanted, reason=reason, seen=form.seen, actor=current.actor())
    if form.errors:
        return _rules(campaign, rounds.find(campaign.id), form), 422
    flash(_("评选办法已保存。"), "seated")
    return redirect(url_for("rounds.rules", slug=slug), 303)


@bp.get("/review/campaigns/<slug>/panel")
def seats(slug: str) -> str:
    """Show the panel: who sits in it, how far each is, who is recused from what."""
    campaign = access.get_award_for_hr(slug)
    return _panel(campaign, rounds.get(campaign.id))


@bp.post("/review/campaigns/<slug>/panel")
def seat(slug: str) -> Page:
    """Show somebody's conflicts; seat her once they were looked at."""
    campaign = access.get_award_for_hr(slug)
    found, form = rounds.get(campaign.id), forms.seat_form()
    staff_no, part = (form.staff_no.data or "").strip(), form.part.data or ""
    person = people.find_person_by_staff_no(staff_no)
    if person is None or part not in set(PanelPart):
        form.say(
            "staff_no" if person is None else "part", "panel.unknown" if person is None else "typed.choice"
        )
        return _panel(campaign, found, seat_form=form), 422
    if request.form.get("looked") != person.staff_no:
        told = [view_models.conflict(one) for one in recusals.conflicts(campaign.id, person.id)]
        return _panel(campaign, found, seat_form=form, looked=(person.staff_no, person.name, told))
    with saying_at(form, "staff_no"), unit_of_work():
        panel.seat(found.id, person.staff_no, PanelPart(part), actor=current.actor())
    if form.errors:
        return _panel(campaign, found, seat_form=form), 422
    flash(_("%(name)s已加入评委会。", name=person.name), "seated")
    return redirect(url_for("rounds.seats", slug=slug), 303)


@bp.post("/review/campaigns/<slug>/recusals")
def recuse(slug: str) -> Page:
    """Set a recusal that the house does not know by itself."""
    campaign = access.get_award_for_hr(slug)
    found = rounds.get(campaign.id)
    form = _recusal_form(found)
    member, nominee, why = form.chosen("member"), form.chosen("nominee"), _typed(form.why.data)
    if form.errors:
        return _panel(campaign, found, recusal_form=form), 422
    with saying_at(form, "why"), unit_of_work():
        recusals.recuse(found.id, member, nominee, RecusalGround.SET, why, actor=current.actor())
    if form.errors:
        return _panel(campaign, found, recusal_form=form), 422
    flash(_("回避已保存。"), "seated")
    return redirect(url_for("rounds.seats", slug=slug), 303)


@bp.post("/review/campaigns/<slug>/leavers")
def leave(slug: str) -> Page:
    """End a seat."""
    campaign = access.get_award_for_hr(slug)
    found = rounds.get(campaign.id)
    form = _leaving_form(found)
    leaver, why = form.chosen("leaver"), _typed(form.why_left.data)
    if form.errors:
        return _panel(campaign, found, leaving_form=form), 422
    with saying_at(form, "why_left"), unit_of_work():
        panel.leave(found.id, leaver, why, actor=current.actor())
    if form.errors:
        return _panel(campaign, found, leaving_form=form), 422
    flash(_("她已退出评委会，打的分不算。"), "plain")
    return redirect(url_for("rounds.seats", slug=slug), 303)


@bp.post("/review/campaigns/<slug>/panel/round")
def act(slug: str) -> Page:
    """Open the round, or close it."""
    campaign = access.get_award_for_hr(slug)
    found = rounds.get(campaign.id)
    opens = request.form.get("act") == "open"
    try:
        with unit_of_work():
            if opens:
                voting = sum(one.votes for one in seated.members(found.id))
                rounds.open_round(campaign.id, voting=voting, actor=current.actor())
                recusals.refresh(found.id, actor=current.actor())
                panel.tell_opened(found.id, now=current.now())
            else:
                scores.close(found.id, actor=current.actor())
    except Refused as refused:
        return _panel(campaign, found, trouble=refusals.say(refused.code, refused.facts)), 409
    flash(_("评审开始了，名单不再变。") if opens else _("打分结束，排名已保存。"), "seated")
    return redirect(url_for("rounds.seats" if opens else "rounds.result", slug=slug), 303)


@bp.get("/review/campaigns/<slug>/ranking")
def result(slug: str) -> str:
    """Show the ranking with what stands beside it: spread, and what changes without one judge."""
    campaign = access.get_award_for_hr(slug)
    found = rounds.get(campaign.id)
    nominees = _nominees(found)
    trouble, made = "", None
    own = any(one.nominee.id == current.person_id() for one in nominees.values())
    try:
        made = scores.ranking_of(found) if found.opened_at and not own else None
    except Refused as refused:
        trouble = refusals.say(refused.code, refused.facts)
    names = {one.person.id: one.person.name for one in seated.members(found.id)}
    return render_template(
        "review/rounds/ranking.html",
        c=campaign,
        found=found,
        trouble=_("你是候选人，排名由别的审核人看。") if own else trouble,
        lines=view_models.ranked(found, made, nominees) if made else [],
        borders=[view_models.border(one, names, nominees) for one in made.borders] if made else [],
        side_nav=review_nav(slug),
    )


def _rules(campaign: CampaignFacts, found: RoundFacts | None, form: RulesForm) -> str:
    return render_template(
        "review/rounds/rules.html",
        c=campaign,
        form=form,
        found=found,
        late=current.now() >= campaign.closes_at,
        side_nav=review_nav(campaign.slug),
    )


def _panel(
    campaign: CampaignFacts,
    found: RoundFacts,
    *,
    seat_form: SeatForm | None = None,
    recusal_form: RecusalForm | None = None,
    leaving_form: LeavingForm | None = None,
    looked: tuple[str, str, list[str]] | None = None,
    trouble: str = "",
) -> str:
    nominees, sitting = _nominees(found), seated.members(found.id)
    away = recusals.list_of(found.id)
    gaps = Counter(judge for judge, _nomination in missing(scores.scored(found.id)))
    voting = [one for one in sitting if one.votes]
    voters = {one.person.id for one in voting}
    lacks = Counter(one.nomination_id for one in away if one.person_id in voters)
    return render_template(
        "review/rounds/panel.html",
        c=campaign,
        found=found,
        members=[
            view_models.member(
                one,
                missing=gaps[one.person.id],
                recusals=[r for r in away if r.person_id == one.person.id],
                nominees=nominees,
            )
            for one in sitting
        ],
        remarks=view_models.remarks(voting, lacks) if found.opened_at is None else [],
        nominees=[one.nominee.name for one in nominees.values()],
        dropped=_dropped(found, nominees),
        can_open=found.opened_at is None and current.now() >= campaign.closes_at,
        seat_form=seat_form or forms.seat_form(),
        recusal_form=recusal_form or _recusal_form(found),
        leaving_form=leaving_form or _leaving_form(found),
        looked=looked,
        trouble=trouble,
        side_nav=review_nav(campaign.slug),
    )


def _typed(reason: str | None) -> str:
    return (reason or "").strip()[:REASON_MOST]


def _nominees(found: RoundFacts) -> dict[int, NominationFacts]:
    """The frozen list, or the candidates that a round would freeze, by strokes."""
    if found.opened_at is None:
        return {one.id: one for one in rounds.candidates(found.campaign_id)}
    frozen = reading.submitted(list(rounds.listed(found.id)))
    return {one.id: one for one in rounds.by_strokes(frozen)}


def _dropped(found: RoundFacts, nominees: dict[int, NominationFacts]) -> list[str]:
    """Who is on the frozen list and judged no more: she took her consent back, or HR looks at her again."""
    if found.opened_at is None or found.closed_at is not None:
        return []
    still = rounds.standing(found.id)
    return [one.nominee.name for id_, one in nominees.items() if id_ not in still]


def _recusal_form(found: RoundFacts) -> RecusalForm:
    nominees = [(str(id_), one.nominee.name) for id_, one in _nominees(found).items()]
    return forms.recusal_form(_sitting(found), nominees)


def _leaving_form(found: RoundFacts) -> LeavingForm:
    return forms.leaving_form(_sitting(found))


def _sitting(found: RoundFacts) -> list[tuple[str, str]]:
    return [(str(one.person.id), one.person.name) for one in seated.members(found.id) if one.until is None]
