"""How the units take part: who has not signed up, and which units are short of their minimum; with a reminder for each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.campaigns import checks
from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.season import minimums, sign_up_gaps
from eventreg.season.minimums import Nudged
from eventreg.season.sign_up_gaps import Reminded
from eventreg.web.app import current
from eventreg.web.app.numbers import whole_number
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.organiser import letters_first, organiser_scope
from eventreg.web.organiser.by_hand.view_models import for_sign_up
from eventreg.words import refusals

from . import view_models

bp = Blueprint("participation", __name__)

REASON_MOST = 200


@bp.get("/manage/campaigns/<slug>/units")
def units(slug: str) -> str:
    """Show where each unit stands: by places or by presence, with those who have not signed up."""
    return _page(for_sign_up(organiser_scope.get_campaign(slug)))


@bp.post("/manage/campaigns/<slug>/units")
def act(slug: str) -> Page:
    """Do what the pressed button says: remind people, remind contacts, exempt a unit or end its exemption."""
    found = for_sign_up(organiser_scope.get_campaign(slug))
    work = ACTS.get(request.form.get("act", ""))
    if work is None:
        return _page(found, refused=Refused("typed.choice")), 422
    try:
        work(found)
    except Refused as refused:
        return _page(found, refused=refused), 409
    return redirect(url_for("participation.units", slug=slug), 303)


def _remind(found: CampaignFacts) -> None:
    work = partial(sign_up_gaps.remind, found.id, actor=current.actor())
    tell_reminded(letters_first.change(found, work, back=partial(_page, found)))


def tell_reminded(done: Reminded) -> None:
    """Say how many were reminded, and whom no letter reaches."""
    flash(ngettext("已写信提醒 %(num)s 人。", "已写信提醒 %(num)s 人。", done.sent), "seated")
    if done.unreachable:
        names = view_models.listed(done.unreachable)
        flash(_("没有邮箱、写不到的：%(names)s。请当面提醒。", names=names), "waiting")


def _nudge(found: CampaignFacts) -> None:
    work = partial(minimums.nudge, found.id, actor=current.actor())
    _tell_nudged(letters_first.change(found, work, back=partial(_page, found)))


def _tell_nudged(done: Nudged) -> None:
    if done.sent:
        told = ngettext("已写信提醒 %(num)s 位联系人。", "已写信提醒 %(num)s 位联系人。", done.sent)
        flash(told, "seated")
    if done.unreachable:
        names = view_models.listed(done.unreachable)
        flash(_("没有邮箱、写不到的联系人：%(names)s。请当面提醒。", names=names), "waiting")
    if done.without_contact:
        names = view_models.listed(done.without_contact)
        flash(_("没有联系人的：%(units)s。请另外通知。", units=names), "waiting")


def _exempt(found: CampaignFacts) -> None:
    unit_id = whole_number(request.form.get("unit"))
    reason = checks.line(request.form.get("reason", ""), most=REASON_MOST)
    with unit_of_work():
        minimums.exempt_unit(found.id, unit_id, reason, actor=current.actor())
    flash(_("已记下，这个班组的人数不作要求。"), "seated")


def _end_exemption(found: CampaignFacts) -> None:
    with unit_of_work():
        minimums.end_exemption(found.id, whole_number(request.form.get("unit")), actor=current.actor())
    flash(_("已恢复对这个班组的人数要求。"), "plain")


ACTS: dict[str, Callable[[CampaignFacts], None]] = {
    "remind": _remind,
    "nudge": _nudge,
    "exempt": _exempt,
    "end_exemption": _end_exemption,
}


def _page(found: CampaignFacts, *, refused: Refused | None = None) -> str:
    now, present = current.now(), request.args.get("by") == "present"
    gaps = sign_up_gaps.list_gaps(found, now=now)
    return render_template(
        "organiser/participation/units.html",
        c=found,
        board=view_models.board(minimums.board(found, present=present)),
        present=present,
        gaps=view_models.gaps(gaps),
        total=sum(len(gap.people) for gap in gaps),
        open=found.opens_at <= now < found.closes_at and not found.called_off,
        refused=refusals.say(refused.code, refused.facts) if refused else "",
        failed=whole_number(request.form.get("unit")) if refused else 0,
        reason_typed=request.form.get("reason", "") if refused else "",
        reason_most=REASON_MOST,
        form_url=url_for("participation.act", slug=found.slug),
        side_nav=organiser_nav(found.slug),
    )
