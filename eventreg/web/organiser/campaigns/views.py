"""The plan of a campaign: make, change, preview, publish, close it, or delete a draft."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts, SeasonFacts
from eventreg.campaigns.inputs import NewCampaign
from eventreg.campaigns.plan import copying, planning, slugs
from eventreg.campaigns.plan.first_facts import with_first_facts
from eventreg.campaigns.rules import Intake
from eventreg.campaigns.stages import service as stages
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.core.working_days import service as working_days
from eventreg.nominations import terms_copying
from eventreg.registrations.figures import reading
from eventreg.season import reschedule
from eventreg.venue import attendance
from eventreg.web.app import current
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.employee.public import page_files
from eventreg.web.employee.public import view_models as campaign_view_models
from eventreg.web.employee.registrations import forms as registration_forms
from eventreg.web.employee.registrations import receipts
from eventreg.web.forms.plain_form import saying_at
from eventreg.web.organiser import organiser_scope
from eventreg.web.organiser.manage import view_models as manage_view_models
from eventreg.web.organiser.steps import seen, step

from . import blanks, view_models
from .forms import BasicsForm, basics_form
from .new_form import NewCampaignForm, new_campaign_form

bp = Blueprint("campaigns", __name__)


@bp.get("/manage/new-campaign")
def new_campaign() -> Page:
    """Show the form of a new campaign; without a season, say that one is needed first."""
    if campaigns.find_season() is None:
        return redirect(url_for("manage.overview"), 302)
    return _new_page(new_campaign_form(_templates()))


@bp.post("/manage/new-campaign")
def create_campaign() -> Page:
    """Make a draft from a blank or a copy; the visitor becomes its organiser."""
    season, form = campaigns.find_season(), new_campaign_form(_templates())
    if season is None:
        raise Refused("plan.no_season")
    source = organiser_scope.get_campaign(form.source) if form.source else None
    wanted = form.read(source.zone if source else ZoneInfo(current.settings().timezone))
    if form.errors:
        return _new_page(form), 422
    title, slug = wanted.title, wanted.slug or slugs.suggest(wanted.title)
    begun, notice, covers = _begun(season, wanted.blank, source, slug=slug, title=title)
    with saying_at(form, version=lambda: 0), unit_of_work():
        draft = with_first_facts(begun, wanted.facts, now=current.now())
        slug = planning.make_draft(
            draft, notice=notice, covers=covers, actor=current.actor(), key=(form.key.data or "")[:64]
        )
        if source:
            terms_copying.carry_over(source, slug)
            stages.carry_over(source, slug, working_days.calendar())
    if form.errors:
        return _new_page(form), 409
    flash(_("草稿已建好，现在只有组织者看得到。"), "seated")
    return redirect(url_for("campaigns.campaign", slug=slug), 303)


@bp.get("/manage/campaigns/<slug>")
def campaign(slug: str) -> str:
    """Show the campaign's stage, its parts, what is missing, and the next step."""
    return _plan_page(organiser_scope.get_campaign(slug))


@bp.get("/manage/campaigns/<slug>/basics")
def basics(slug: str) -> str:
    """Show the form of the basic facts."""
    found = organiser_scope.get_campaign(slug)
    return _basics_page(found, _basics_form(found))


@bp.post("/manage/campaigns/<slug>/basics")
def save_basics(slug: str) -> Page:
    """Change the basic facts."""
    found = organiser_scope.get_campaign(slug)
    form = _basics_form(found)
    wanted = form.read(found)
    if form.errors:
        return _basics_page(found, form), 422
    with saying_at(form, version=lambda: organiser_scope.get_campaign(slug).version), unit_of_work():
        reschedule.change_basics(found.id, wanted, seen=form.seen, actor=current.actor())
    if form.errors:
        return _basics_page(found, form), 409
    flash(_("活动说明已保存。"), "seated")
    return redirect(url_for("campaigns.campaign", slug=wanted.slug or slug), 303)


@bp.get("/manage/campaigns/<slug>/preview")
def preview(slug: str) -> str:
    """Show the campaign's page as employees see it."""
    found = organiser_scope.get_campaign(slug)
    form_url = url_for("campaigns.preview_form", slug=slug)
    shown = campaign_view_models.card(found, now=current.now(), form_url=form_url)
    back_url = url_for("campaigns.campaign", slug=slug)
    files = page_files.page_files(found, endpoint=page_files.OF_A_DRAFT)
    return render_template(
        "organiser/campaigns/preview.html", c=shown, p=found, back_url=back_url, files=files
    )


@bp.get("/manage/campaigns/<slug>/preview/form")
def preview_form(slug: str) -> str:
    """Show the sign-up form as employees see it; it cannot be sent."""
    found = organiser_scope.get_campaign(slug)
    entry = campaigns.entry_for(found)
    form = registration_forms.sign_up_form(entry)
    form.mark_language(found.lang)
    form.show_places(found.pools)
    shown = campaign_view_models.card(found, now=current.now(), notice=entry.notice)
    return render_template(
        "organiser/campaigns/preview_form.html",
        c=shown,
        form=form,
        person=receipts.person_words(),
        back_url=url_for("campaigns.preview", slug=slug),
    )


@bp.post("/manage/campaigns/<slug>/publication")
def publish(slug: str) -> Page:
    """Publish the draft if nothing is missing; what can be shared is shown next."""
    work = partial(
        reschedule.publish, organiser_scope.get_campaign(slug).id, seen=seen(), actor=current.actor()
    )
    told = _("已发布，职工现在看得到了。")
    return step(slug, work, _plan_page, to=url_for("sharing.share", slug=slug), told=told)


@bp.post("/manage/campaigns/<slug>/closing")
def close(slug: str) -> Page:
    """Close sign-ups before the deadline."""
    work = partial(reschedule.close, organiser_scope.get_campaign(slug).id, actor=current.actor())
    return _step(slug, work, _("已提前截止，不再收新的。截止时间以前可以恢复。"))


@bp.post("/manage/campaigns/<slug>/reopening")
def reopen(slug: str) -> Page:
    """Open sign-ups again."""
    work = partial(reschedule.reopen, organiser_scope.get_campaign(slug).id, actor=current.actor())
    return _step(slug, work, _("已恢复，到原来的截止时间为止。"))


@bp.post("/manage/campaigns/<slug>/deletion")
def delete(slug: str) -> Page:
    """Delete a draft with all its parts."""
    work = partial(
        planning.delete_draft, organiser_scope.get_campaign(slug).id, seen=seen(), actor=current.actor()
    )
    return step(slug, work, _plan_page, to=url_for("manage.overview"), told=_("草稿已删除。"))


def _step(slug: str, work: Callable[[], object], told: str) -> Page:
    """Run one step, such as publishing; repeated, it is done once and confirmed again."""
    return step(slug, work, _plan_page, to=url_for("campaigns.campaign", slug=slug), told=told)


def _templates() -> list[tuple[str, str]]:
    return campaigns.list_templates(organiser_scope.campaign_ids())


def _begun(
    season: SeasonFacts, blank: str, source: CampaignFacts | None, *, slug: str, title: str
) -> tuple[NewCampaign, tuple[str, ...], tuple[str, ...]]:
    """The draft to be made, its privacy notice, and what that covers."""
    if source is None:
        zone = ZoneInfo(current.settings().timezone)
        made = blanks.list_blanks()[blank].make(season, zone, slug=slug, title=title)
        return made, blanks.notice(season), ()
    copied = copying.copy_of(source, slug=slug, title=title)
    told = campaigns.get_notice(source.notice_id)
    return copied, told.paragraphs, told.covers


def _new_page(form: NewCampaignForm) -> str:
    return render_template(
        "organiser/campaigns/new_campaign.html", form=form, details=form.details, side_nav=organiser_nav()
    )


def _basics_form(found: CampaignFacts) -> BasicsForm:
    return basics_form(found, campaigns.get_notice(found.notice_id), now=current.now())


def _basics_page(found: CampaignFacts, form: BasicsForm) -> str:
    plan = view_models.plan(found, now=current.now())
    return render_template(
        "organiser/campaigns/basics.html",
        form=form,
        p=plan,
        side_nav=organiser_nav(found.slug, draft=plan.draft),
    )


def _plan_page(found: CampaignFacts, refused: Refused | None = None) -> str:
    notice, questions = campaigns.get_notice(found.notice_id), campaigns.list_questions(found.id)
    came = attendance.count_people([found.id]).get(found.id)
    plan = view_models.plan(
        found, now=current.now(), notice=notice, questions=questions, refused=refused, attendance=came
    )
    signs_up = found.published and found.accepts is Intake.REGISTRATIONS
    seated = reading.count_seated(found.id) if signs_up else {}
    return render_template(
        "organiser/campaigns/campaign.html",
        p=plan,
        figures=manage_view_models.figures(found, seated) if signs_up else (),
        side_nav=organiser_nav(found.slug, draft=plan.draft),
    )
