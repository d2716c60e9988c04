"""The second step of every change of dates: the preview, and sending what it shows.

The pages that lead here (the dates of a campaign, the form of one activity) post their own fields again with the step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import flash, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.inputs import NewActivity
from eventreg.campaigns.rules import ScheduleState, has_begun
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.delivery.contents.date_letters import ChangedActivity
from eventreg.registrations import announcing
from eventreg.registrations.announcing import MoveResult, MoveTerms
from eventreg.season import reschedule
from eventreg.web.app import current
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.web.forms.plan_form import PlanForm
from eventreg.web.organiser import letters_first, organiser_scope
from eventreg.web.organiser.letters_first import Step, step_asked

from . import forms, view_models
from .forms import TermsForm

OF_TERMS = frozenset({"asks", "confirm_by", "meant", "note", "closes_at", "pools_end_at"})
NOT_CARRIED = OF_TERMS | {f"{name}-end" for name in OF_TERMS} | {"csrf_token", "step", "version"}
AT = {"plan.starts_before_deadline": "closes_at", "plan.closes_in_past": "closes_at"}


@dataclass(frozen=True, slots=True)
class AskedMove:
    """A change of dates that an organiser filled in: the form with its fields, and where it is posted."""

    campaign: CampaignFacts
    wanted: Mapping[int, NewActivity]
    form: PlanForm
    action_url: str


def is_told(found: CampaignFacts, wanted: Mapping[int, NewActivity]) -> bool:
    """Whether people who signed up are told about a change, so that its preview comes first."""
    return found.published and found.last_arrival > 0 and bool(view_models.differing(found, wanted))


def preview_or_send(asked: AskedMove, *, done: Callable[[], Response]) -> Page:
    """Show the preview, or send it. If the first form is to blame, its errors are set and it has to be shown again."""
    found, step, now = asked.campaign, step_asked(), current.now()
    parts = view_models.differing(found, asked.wanted)
    _check(asked, parts, step, now=now)
    if asked.form.errors:
        return "", 409
    if not parts:  # sent twice, or somebody else made the same change meanwhile
        flash(_("日程已经是这样了，没有再发信。"), "plain")
        return done()
    plain = view_models.preview_of(found, parts, MoveTerms(), now=now)
    form = forms.terms_form(found, asks=plain.asks, suggested=plain.suggested)
    if step is Step.PREVIEW:
        terms = MoveTerms(confirm_by=plain.suggested if plain.asks else None)
        return _page(asked, parts, form, terms), 200
    terms = form.read(found.zone)
    if form.errors:
        return _page(asked, parts, form, terms), 422
    if step is Step.AGAIN:
        return _page(asked, parts, form, terms), 200
    return _send(asked, parts, form, terms, done)


def _check(asked: AskedMove, parts: Sequence[ChangedActivity], step: Step, *, now: datetime) -> None:
    """Show at the first form what no answer of the second could mend."""
    if not parts and step is not Step.SEND:
        asked.form.say_of_all("plan.nothing_moved", {})
    for part in parts:
        if part.now.schedule is not ScheduleState.CANCELLED and has_begun(part.now, now=now):
            asked.form.say_refused(Refused("plan.starts_in_past", field="day", activity=part.now.id))


def _send(
    asked: AskedMove,
    parts: Sequence[ChangedActivity],
    form: TermsForm,
    terms: MoveTerms,
    done: Callable[[], Response],
) -> Page:
    """Change the dates in one unit of work; a refusal is shown on the preview."""
    slug = asked.campaign.slug
    result = MoveResult(0, 0)
    current_version = lambda: organiser_scope.get_campaign(slug).version  # noqa: E731
    with saying_at(form, fields=AT, version=current_version), unit_of_work():
        result = reschedule.move(
            asked.campaign.id, asked.wanted, terms, seen=form.seen, actor=current.actor()
        )
    if form.errors:
        return _page(asked, parts, form, terms), 409
    flash(_("日程已改。"), "seated")
    if result.letters:
        flash(ngettext("已发邮件告诉 %(num)s 人。", "已发邮件告诉 %(num)s 人。", result.letters), "seated")
    if result.asked:
        flash(ngettext("请 %(num)s 人重新确认。", "请 %(num)s 人重新确认。", result.asked), "seated")
    return done()


def _page(asked: AskedMove, parts: Sequence[ChangedActivity], form: TermsForm, terms: MoveTerms) -> str:
    found = asked.campaign
    work = partial(reschedule.move, found.id, asked.wanted, terms, seen=form.seen, actor=current.actor())
    others = [one for one in letters_first.look(work) if one.kind != announcing.KIND]
    return render_template(
        "organiser/moves/preview.html",
        c=found,
        form=form,
        m=view_models.preview_of(found, parts, terms, now=current.now()),
        others=letters_first.shown(others),
        carried=[(name, value) for name, value in request.form.items(multi=True) if name not in NOT_CARRIED],
        action_url=asked.action_url,
        side_nav=organiser_nav(found.slug),
    )
