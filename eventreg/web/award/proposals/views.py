"""An employee's proposals for an award, until they are passed on to the department's contacts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.db.session import unit_of_work
from eventreg.nominations import access, proposals, reading, terms
from eventreg.nominations.access import ProposalOffer
from eventreg.nominations.drafts import SaveResult
from eventreg.nominations.reading import NominationFacts, SavedVersion
from eventreg.nominations.rules import ProposerScope, Terms
from eventreg.people import directory
from eventreg.people import service as people
from eventreg.people.directory import PeopleFilter
from eventreg.people.rules import Gender
from eventreg.people.service import PersonFacts
from eventreg.web.app import current
from eventreg.web.app.records import Record
from eventreg.web.app.view_types import Page
from eventreg.web.award.drafting import view_models as nomination_view_models
from eventreg.web.award.drafting.forms import NominationForm, PickForm, nomination_form, pick_form
from eventreg.web.award.drafting.saving import save_by_button, save_by_itself, tab_of
from eventreg.web.forms.plain_form import saying_at
from eventreg.words.times import moment

bp = Blueprint("proposals", __name__)

TEXT_MOST = 40


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """A proposal of the visitor, with all facts that its page needs."""

    found: NominationFacts
    campaign: CampaignFacts
    asks: Terms
    saved: SavedVersion
    offer: ProposalOffer


@bp.get("/my/proposals/new/<slug>")
def pick(slug: str) -> str:
    """Choose oneself, or a colleague if the award allows it; lists existing proposals."""
    found, offer = _find(slug)
    return _pick_page(found, offer, pick_form(_people(found, offer)))


@bp.post("/my/proposals/new/<slug>")
def begin(slug: str) -> Page:
    """Begin a proposal, or open the existing one."""
    found, offer = _find(slug)
    form = pick_form(_people(found, offer))
    if not form.chosen():
        form.say("person", "typed.choice")
        return _pick_page(found, offer, form), 422
    with saying_at(form), unit_of_work():
        begun = proposals.begin(found.id, form.chosen(), actor=current.actor())
    if form.errors:
        return _pick_page(found, offer, form), 409
    return redirect(url_for("proposals.proposal", nomination_id=begun), 303)


@bp.get("/my/proposals/<int:nomination_id>")
def proposal(nomination_id: int) -> Page:
    """Show the form of a proposal; for one that was passed on, a page that says so."""
    if passed := proposals.find_passed_on(nomination_id, by=current.person_id()):
        slug = campaigns.campaign_by_id(passed.campaign_id).slug
        return redirect(url_for("proposals.pick", slug=slug), 303)
    opened = _open(nomination_id)
    return _page(opened, nomination_form(opened.asks, opened.saved))


@bp.post("/my/proposals/<int:nomination_id>")
def write(nomination_id: int) -> Page:
    """Save, count, or save and pass on. What was typed is saved before anything is refused."""
    opened = _open(nomination_id)
    form = nomination_form(opened.asks, opened.saved)

    def then(_saved: SaveResult) -> Page:
        if request.form.get("do") == "pass_on":
            return _pass_on(opened, form)
        flash(_("草稿已保存。"), "seated")
        return redirect(url_for("proposals.proposal", nomination_id=nomination_id), 303)

    return save_by_button(form, partial(_save, opened, form), partial(_page, opened, form), then)


@bp.post("/my/proposals/<int:nomination_id>/autosave")
def autosave(nomination_id: int) -> tuple[dict[str, object], int]:
    """Save automatically: returns the new version, or that another page saved one meanwhile."""
    opened = _open(nomination_id)
    form = nomination_form(opened.asks, opened.saved)
    return save_by_itself(form, opened.saved.content, partial(_save, opened, form), opened.campaign)


@bp.post("/my/proposals/<int:nomination_id>/withdrawal")
def withdraw(nomination_id: int) -> Response:
    """Withdraw the proposal."""
    opened = _open(nomination_id)
    with unit_of_work():
        proposals.withdraw(nomination_id, actor=current.actor())
    flash(_("已撤回这份推荐。"), "plain")
    return redirect(url_for("public.campaign", slug=opened.campaign.slug), 303)


def _find(slug: str) -> tuple[CampaignFacts, ProposalOffer]:
    """A published award that accepts proposals of the visitor's department. Raises NotFound for anything else."""
    found = campaigns.get_campaign(slug)
    return found, access.get_offer(found, current.person_id())


def _open(nomination_id: int) -> ProposalPage:
    found = proposals.get(nomination_id, by=current.person_id())
    campaign = campaigns.campaign_by_id(found.campaign_id)
    offer = access.get_offer(campaign, current.person_id())
    saved = reading.saved(found.id, found.version)
    return ProposalPage(found, campaign, terms.terms_of(campaign), saved, offer)


def _people(found: CampaignFacts, offer: ProposalOffer) -> list[PersonFacts]:
    """The visitor if they may be nominated, and colleagues with the typed name."""
    women_only = terms.terms_of(found).women_only
    me = people.person_facts(current.person_id())
    listed = [] if women_only and me.gender is not Gender.FEMALE else [me]
    text = request.args.get("q", "").strip()[:TEXT_MOST]
    if offer.who is ProposerScope.COLLEAGUES and len(text) >= directory.LEAST:
        gender = Gender.FEMALE if women_only else None
        sought = PeopleFilter(text, offer.line.unit_id, employed=True, gender=gender)
        listed += [p for p in directory.search(sought, number=1).people if p.id != me.id]
    return listed


def _save(opened: ProposalPage, form: NominationForm) -> SaveResult:
    tab = tab_of(form)
    with unit_of_work():
        return proposals.save(opened.found.id, form.content(), seen=form.seen, tab=tab, actor=current.actor())


def _pass_on(opened: ProposalPage, form: NominationForm) -> Page:
    with saying_at(form), unit_of_work():
        proposals.pass_on(opened.found.id, actor=current.actor())
    if form.errors:
        return _page(opened, form), 409
    flash(_("已交给%(unit)s的联系人，由联系人修改和提交。", unit=opened.offer.line.unit), "seated")
    return redirect(url_for("public.campaign", slug=opened.campaign.slug), 303)


def _pick_page(found: CampaignFacts, offer: ProposalOffer, form: PickForm) -> str:
    me, now = current.person_id(), current.now()
    q = request.args.get("q", "").strip()[:TEXT_MOST]
    return render_template(
        "award/proposals/pick.html",
        d=nomination_view_models.department_award(found, offer.line, [], now=now),
        form=form,
        details={str(me): _("自荐")},
        mine=[
            Record(n.nominee.name, url=url_for("proposals.proposal", nomination_id=n.id), lang="zh-CN")
            for n in proposals.list_mine(found.id, me)
        ],
        passed_on=[
            Record(passed.name, (_("%(at)s 交给联系人", at=moment(passed.at)),), lang="zh-CN")
            for passed in proposals.list_passed_on(found.id, me)
        ],
        colleagues=offer.who is ProposerScope.COLLEAGUES,
        q=q,
        here=url_for("proposals.pick", slug=found.slug),
        back=url_for("public.campaign", slug=found.slug),
        action=url_for("proposals.begin", slug=found.slug, q=q or None),
    )


def _page(opened: ProposalPage, form: NominationForm, *, other: SavedVersion | None = None) -> str:
    campaign, asks, found = opened.campaign, opened.asks, opened.found
    content = form.content() if request.method == "POST" else opened.saved.content
    return render_template(
        "award/proposals/proposal.html",
        form=form,
        n=nomination_view_models.nominated(found, opened.saved, asks, campaign),
        d=nomination_view_models.department_award(campaign, opened.offer.line, [], now=current.now()),
        writer_id=current.person_id(),
        oneself=found.nominee.id == current.person_id(),
        counter=nomination_view_models.counter(content, asks),
        other=nomination_view_models.other(other, asks, campaign) if other else None,
        url=url_for("proposals.proposal", nomination_id=found.id),
        autosave_url=url_for("proposals.autosave", nomination_id=found.id),
        withdraw_url=url_for("proposals.withdraw", nomination_id=found.id),
        back=url_for("proposals.pick", slug=campaign.slug),
    )
