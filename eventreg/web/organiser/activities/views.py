"""List, add, change, order and remove the activities of a campaign."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.campaigns.kinds import kind_of, list_kinds
from eventreg.campaigns.plan import activities as agenda
from eventreg.campaigns.rules import ScheduleState
from eventreg.core.errors import NotFound, Refused
from eventreg.season import reschedule
from eventreg.web.app import current
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plan_form import zone_hint
from eventreg.web.organiser import organiser_scope
from eventreg.web.organiser.campaigns import view_models as plan_view_models
from eventreg.web.organiser.letters_first import Step, step_asked
from eventreg.web.organiser.moves.forms import as_wanted
from eventreg.web.organiser.moves.sending import AskedMove, is_told, preview_or_send
from eventreg.web.organiser.steps import save, seen, step
from eventreg.words.kind_words import translated

from .forms import ActivityForm, activity_form

bp = Blueprint("activities", __name__)


@bp.get("/manage/campaigns/<slug>/activities")
def activities(slug: str) -> str:
    """List the activities in the order that employees see."""
    return _list(organiser_scope.get_campaign(slug))


@bp.get("/manage/campaigns/<slug>/activities/new/<kind>")
def new_activity(slug: str, kind: str) -> str:
    """Show the form of a new activity."""
    found = organiser_scope.get_campaign(slug)
    return _page(found, _new(found, kind))


@bp.post("/manage/campaigns/<slug>/activities/new/<kind>")
def add_activity(slug: str, kind: str) -> Page:
    """Add an activity to a draft."""
    found = organiser_scope.get_campaign(slug)
    form = _new(found, kind)
    wanted = form.read(found.zone)
    work = partial(agenda.add, found.id, wanted, seen=form.seen, actor=current.actor())
    told = _("项目已加上。")
    return save(slug, form, work, partial(_page, found, form), tell=lambda _id: _back(slug, told))


@bp.get("/manage/campaigns/<slug>/activities/<int:activity_id>")
def edit_activity(slug: str, activity_id: int) -> str:
    """Show the form of an activity."""
    found = organiser_scope.get_campaign(slug)
    activity = _get(found, activity_id)
    return _page(found, _form(found, activity), activity)


@bp.post("/manage/campaigns/<slug>/activities/<int:activity_id>")
def save_activity(slug: str, activity_id: int) -> Page:
    """Change an activity; if people who signed up get a letter about it, its preview comes first."""
    found = organiser_scope.get_campaign(slug)
    activity = _get(found, activity_id)
    form = _form(found, activity)
    wanted, change = form.read(found.zone), reschedule.change_activity
    spelling = "spelling" in form and bool(form.spelling.data)
    if not form.errors and step_asked() is Step.EDIT:
        return _page(found, form, activity)
    if not form.errors and not spelling and is_told(found, {activity_id: wanted}):
        here = url_for("activities.save_activity", slug=slug, activity_id=activity_id)
        return _previewed(AskedMove(found, {activity_id: wanted}, form, here), form, activity)
    work = partial(
        change, found.id, activity_id, wanted, seen=form.seen, actor=current.actor(), spelling=spelling
    )
    return save(slug, form, work, partial(_page, found, form, activity), tell=partial(_saved, slug))


@bp.post("/manage/campaigns/<slug>/activities/<int:activity_id>/cancellation")
def cancel_activity(slug: str, activity_id: int) -> Page:
    """Cancel an activity of a published campaign: ask again, with the letters if there are any; then do it."""
    found = organiser_scope.get_campaign(slug)
    activity = _get(found, activity_id)
    if step_asked() is Step.EDIT or not found.published:
        return redirect(url_for("activities.edit_activity", slug=slug, activity_id=activity_id), 303)
    form = _form(found, activity)
    wanted = as_wanted(activity, schedule=ScheduleState.CANCELLED)
    here = url_for("activities.cancel_activity", slug=slug, activity_id=activity_id)
    return _previewed(AskedMove(found, {activity_id: wanted}, form, here), form, activity)


def _previewed(asked: AskedMove, form: ActivityForm, activity: ActivityFacts) -> Page:
    """The preview of a change of dates, or the answer to it; the form if that is to blame."""
    answer = preview_or_send(asked, done=lambda: _back(asked.campaign.slug))
    return answer if not form.errors else (_page(asked.campaign, form, activity), 409)


@bp.post("/manage/campaigns/<slug>/activities/<int:activity_id>/place")
def move_activity(slug: str, activity_id: int) -> Page:
    """Exchange it with the one before it."""
    found = organiser_scope.get_campaign(slug)
    work = partial(agenda.move_up, found.id, activity_id, seen=seen(), actor=current.actor())
    return step(slug, work, _list, to=url_for("activities.activities", slug=slug), told=_("顺序已改。"))


@bp.post("/manage/campaigns/<slug>/activities/<int:activity_id>/removal")
def remove_activity(slug: str, activity_id: int) -> Page:
    """Remove it from a draft."""
    found = organiser_scope.get_campaign(slug)
    work = partial(agenda.remove, found.id, activity_id, seen=seen(), actor=current.actor())
    return step(slug, work, _list, to=url_for("activities.activities", slug=slug), told=_("项目已去掉。"))


def _get(found: CampaignFacts, activity_id: int) -> ActivityFacts:
    activity = next((a for a in found.activities if a.id == activity_id), None)
    if activity is None:
        raise NotFound("activity")
    return activity


def _new(found: CampaignFacts, kind: str) -> ActivityForm:
    """The form of a kind that can be added, on the day of the other activities."""
    if kind not in {known.code for known in list_kinds() if known.offered}:
        raise NotFound("kind")
    day, zone = found.starts_at if found.activities else None, zone_hint(found.zone)
    return activity_form(kind, None, version=found.version, zone=zone, suggested=day)


def _form(found: CampaignFacts, activity: ActivityFacts) -> ActivityForm:
    zone = zone_hint(found.zone)
    tells = found.published and found.last_arrival > 0
    return activity_form(activity.kind, activity, version=found.version, zone=zone, tells=tells)


def _saved(slug: str, told: int) -> Response:
    """Say that it is saved, and how many people get a letter."""
    letters = ngettext("已发邮件告诉 %(num)s 人。", "已发邮件告诉 %(num)s 人。", told) if told else ""
    return _back(slug, _("项目已保存。"), letters)


def _back(slug: str, *told: str) -> Response:
    for words in filter(None, told):
        flash(words, "seated")
    return redirect(url_for("activities.activities", slug=slug), 303)


def _list(found: CampaignFacts, refused: Refused | None = None) -> str:
    plan = plan_view_models.plan(found, now=current.now(), refused=refused)
    above = (None, *found.activities)
    lines = [
        plan_view_models.activity(a, found, before)
        for before, a in zip(above, found.activities, strict=False)
    ]
    offered = [
        (
            _("加一个“%(kind)s”", kind=translated(kind.name)),
            url_for("activities.new_activity", slug=found.slug, kind=kind.code),
        )
        for kind in list_kinds()
        if kind.offered
    ]
    return render_template(
        "organiser/activities/activities.html",
        p=plan,
        lines=lines,
        offered=offered,
        side_nav=organiser_nav(found.slug, draft=plan.draft),
    )


def _cancel_url(found: CampaignFacts, activity: ActivityFacts | None) -> str:
    """Where an activity is cancelled; empty if it cannot be: a draft's is removed instead."""
    if activity is None or not found.published or activity.schedule is ScheduleState.CANCELLED:
        return ""
    return url_for("activities.cancel_activity", slug=found.slug, activity_id=activity.id)


def _page(found: CampaignFacts, form: ActivityForm, activity: ActivityFacts | None = None) -> str:
    plan = plan_view_models.plan(found, now=current.now())
    return render_template(
        "organiser/activities/edit_activity.html",
        form=form,
        p=plan,
        made=activity is not None,
        cancel_url=_cancel_url(found, activity),
        kind=translated(kind_of(form.kind).name),
        audience=found.last_arrival,
        side_nav=organiser_nav(found.slug, draft=plan.draft),
    )
