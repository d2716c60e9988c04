"""The hike on its day: the start, who is not back yet, results, and corrections with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.campaigns import checks
from eventreg.campaigns.check_points import service as check_points
from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.reports import day_sheets
from eventreg.venue import devices, roll_call
from eventreg.venue.offline import let_in
from eventreg.venue.walk import corrections, crossings, readings, results, starts
from eventreg.venue.walk import person as persons
from eventreg.venue.walk.day import is_of_other_days, list_bursts, own_day
from eventreg.venue.walk.rules import WalkNoteKind, time_typed
from eventreg.web.app import current
from eventreg.web.app.attachments import made_here
from eventreg.web.app.numbers import whole_number
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.organiser import organiser_scope
from eventreg.words import refusals, times

from . import view_models
from .view_models import WalkPage

bp = Blueprint("walk", __name__)

REASON_MOST = 200


@bp.get("/manage/campaigns/<slug>/hike")
def hike(slug: str) -> str:
    """Show the start, who is not back yet, what is asked, and the results."""
    campaign, activity = _found(slug)
    return _page(campaign, activity)


@bp.post("/manage/campaigns/<slug>/hike")
def act(slug: str) -> Page:
    """Do what the pressed button says: start, take the start back, strike a tap or add one, take somebody off, export."""
    campaign, activity = _found(slug)
    if request.form.get("act") == "export":
        return _export(campaign, activity)
    try:
        ACTS.get(request.form.get("act", ""), _unknown)(campaign, activity)
    except Refused as refused:
        return _page(campaign, activity, refused), 409
    return redirect(url_for("walk.hike", slug=slug, activity=activity.id), 303)


@bp.get("/manage/campaigns/<slug>/hike/<int:registration_id>")
def person(slug: str, registration_id: int) -> str:
    """Show all that was read of one person, with forms that correct it."""
    campaign, activity = _found(slug)
    return _person_page(campaign, activity, registration_id)


@bp.post("/manage/campaigns/<slug>/hike/<int:registration_id>")
def correct(slug: str, registration_id: int) -> Page:
    """Correct somebody's time, take a correction back, or note what happened on the way."""
    campaign, activity = _found(slug)
    try:
        CORRECTIONS.get(request.form.get("act", ""), _unknown)(campaign, activity, registration_id)
    except Refused as refused:
        return _person_page(campaign, activity, registration_id, refused), 409
    flash(_("已保存。"), "seated")
    return redirect(
        url_for("walk.person", slug=slug, registration_id=registration_id, activity=activity.id), 303
    )


def _start(campaign: CampaignFacts, activity: ActivityFacts) -> None:
    typed = request.form.get("at", "")
    at = _instant(campaign, activity, typed) if typed else None
    with unit_of_work():
        made = starts.start(activity, campaign.id, at=at, actor=current.actor())
    said = view_models.to_second(made.at, campaign.zone)
    if made.fresh:
        flash(_("%(at)s 一起出发。", at=said), "seated")
    else:
        flash(_("已经在 %(at)s 出发了，没有再记。", at=said), "plain")


def _undo_start(campaign: CampaignFacts, activity: ActivityFacts) -> None:
    with unit_of_work():
        starts.undo_start(activity, campaign.id, actor=current.actor())
    flash(_("已取消一起出发。"), "plain")


def _strike(campaign: CampaignFacts, _activity: ActivityFacts) -> None:
    with unit_of_work():
        crossings.strike(whole_number(request.form.get("tap")), campaign.id, _reason(), actor=current.actor())
    flash(_("已划掉，后面的重新对上。"), "seated")


def _put_back(campaign: CampaignFacts, _activity: ActivityFacts) -> None:
    with unit_of_work():
        crossings.put_back(whole_number(request.form.get("tap")), campaign.id, actor=current.actor())
    flash(_("已恢复。"), "plain")


def _add(campaign: CampaignFacts, activity: ActivityFacts) -> None:
    at, like = _instant(campaign, activity, request.form.get("at", "")), whole_number(request.form.get("tap"))
    with unit_of_work():
        crossings.add(like, campaign.id, at, _reason(), actor=current.actor())
    flash(_("已补记，后面的重新对上。"), "seated")


def _take_off(campaign: CampaignFacts, _activity: ActivityFacts) -> None:
    take_off(campaign)


def take_off(campaign: CampaignFacts) -> None:
    """Take somebody off whom a phone let through: the form names the row and a reason."""
    device, _colon, nonce = request.form.get("row", "").partition(":")
    reason = _reason()
    with unit_of_work():
        let_in.take_off(
            whole_number(device), nonce, campaign_id=campaign.id, reason=reason, actor=current.actor()
        )
    flash(_("已记下，人找到了。"), "seated")


def _fix(campaign: CampaignFacts, activity: ActivityFacts, registration_id: int) -> None:
    counts = request.form.get("counts") != "no"
    at = _instant(campaign, activity, request.form.get("at", "")) if counts else None
    point, reason = request.form.get("point", ""), _reason()
    with unit_of_work():
        corrections.fix_time(registration_id, campaign.id, point, at, reason, actor=current.actor())


def _undo_fix(campaign: CampaignFacts, _activity: ActivityFacts, _registration_id: int) -> None:
    with unit_of_work():
        corrections.undo_fix(whole_number(request.form.get("fix")), campaign.id, actor=current.actor())


def _note(campaign: CampaignFacts, activity: ActivityFacts, registration_id: int) -> None:
    typed = request.form.get("kind", "")
    if typed and typed not in list(WalkNoteKind):
        raise Refused("typed.choice")
    kind = WalkNoteKind(typed) if typed else None
    text = checks.line(request.form.get("note", ""), most=REASON_MOST, required=False)
    with unit_of_work():
        corrections.note(activity, campaign.id, registration_id, kind, text, actor=current.actor())


def _unknown(*_about: object) -> None:
    raise Refused("typed.choice")


ACTS: dict[str, Callable[[CampaignFacts, ActivityFacts], None]] = {
    "start": _start,
    "undo_start": _undo_start,
    "strike": _strike,
    "put_back": _put_back,
    "add": _add,
    "off": _take_off,
}
CORRECTIONS: dict[str, Callable[[CampaignFacts, ActivityFacts, int], None]] = {
    "fix": _fix,
    "undo_fix": _undo_fix,
    "note": _note,
}


def _found(slug: str) -> tuple[CampaignFacts, ActivityFacts]:
    """A published campaign that the visitor manages, and its hike that was asked for. Raises NotFound."""
    campaign = organiser_scope.get_published(slug)
    return campaign, readings.get_hike(campaign, whole_number(request.values.get("activity")) or None)


def _reason() -> str:
    typed = request.form.get("reason", "")
    if not typed.strip():
        raise Refused("time_fix.no_reason")
    return checks.line(typed, most=REASON_MOST)


def _instant(campaign: CampaignFacts, activity: ActivityFacts, typed: str) -> datetime:
    """The time that was typed, on the hike's day; before that day, today, because people try it out."""
    day = min(activity.starts_at.date(), current.now().astimezone(campaign.zone).date())
    return checks.local(day, time_typed(typed), zone=campaign.zone)


def _export(campaign: CampaignFacts, activity: ActivityFacts) -> Response:
    def make() -> bytes:
        content, count = day_sheets.results_csv(campaign, activity)
        with unit_of_work():
            day_sheets.note_results_export(campaign.id, count, actor=current.actor())
        return content

    name = _("%(title)s 徒步成绩", title=campaign.title)
    return made_here(make, name=f"{name}.csv", kind="csv", back=url_for("walk.hike", slug=campaign.slug))


def _page(campaign: CampaignFacts, activity: ActivityFacts, refused: Refused | None = None) -> str:
    now = current.now()
    found = results.list_results(campaign, activity)
    page = WalkPage(campaign, activity, found, now=now)
    doors = {device.id: device.name for device in devices.list_devices(campaign.id)}
    day = own_day(found.day)
    return render_template(
        "organiser/walk/hike.html",
        c=campaign,
        activity=activity,
        others=[one for one in readings.list_hikes(campaign) if one.id != activity.id],
        limit=found.hike.limit_min,
        at=times.moment(now.astimezone(campaign.zone)),
        mass=view_models.to_second(found.day.mass, campaign.zone) if found.day.mass else "",
        out=page.out(roll_call.phones_of([line.registration_id for line in found.out])),
        let_in=page.let_in(roll_call.list_let_in(campaign.id, activity_id=activity.id)),
        asked=page.asked(),
        bursts=page.bursts(list_bursts(day), doors),
        struck=[
            (tap.id, view_models.to_second(tap.at, campaign.zone), tap.reason)
            for tap in crossings.list_struck(campaign.id)
        ],
        rows=page.results(),
        tried=is_of_other_days(found.day),
        refused=refusals.say(refused.code, refused.facts) if refused else "",
        sent=request.form,
        reason_most=REASON_MOST,
        form_url=url_for("walk.act", slug=campaign.slug),
        side_nav=organiser_nav(campaign.slug),
    )


def _person_page(
    campaign: CampaignFacts, activity: ActivityFacts, registration_id: int, refused: Refused | None = None
) -> str:
    found = persons.read_person(campaign, activity, registration_id)
    points = view_models.point_names(check_points.list_of(campaign.id))
    return render_template(
        "organiser/walk/person.html",
        c=campaign,
        activity=activity,
        p=view_models.person_view(found, campaign, activity, points),
        refused=refusals.say(refused.code, refused.facts) if refused else "",
        sent=request.form,
        reason_most=REASON_MOST,
        form_url=url_for("walk.correct", slug=campaign.slug, registration_id=registration_id),
        side_nav=organiser_nav(campaign.slug),
    )
