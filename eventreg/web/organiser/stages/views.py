"""The timetable of an award: the days of its stages, checked against working days."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.stages import service as stages
from eventreg.campaigns.stages.rules import StageCode, remarks
from eventreg.core.working_days import service as working_days
from eventreg.nominations import access
from eventreg.web.app import current
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.organiser.campaigns import view_models as plan_view_models
from eventreg.web.organiser.steps import save
from eventreg.words.award import stage_words

from .forms import StageFields, StagesForm, stages_form

bp = Blueprint("stages", __name__)


@bp.get("/manage/campaigns/<slug>/stages")
def timetable(slug: str) -> str:
    """Show the days of the stages and what does not fit."""
    found = access.get_award_for_organiser(slug, current.reader())
    return _page(found, stages_form(stages.timetable_of(found.id), found.version))


@bp.post("/manage/campaigns/<slug>/stages")
def save_timetable(slug: str) -> Page:
    """Save the days; what does not fit is saved too, and said."""
    found = access.get_award_for_organiser(slug, current.reader())
    form = stages_form({}, found.version)
    wanted = form.read()

    def told(_changed: bool) -> Response:
        flash(_("时间安排已保存。"), "seated")
        return redirect(url_for("stages.timetable", slug=slug), 303)

    return save(
        slug,
        form,
        lambda: stages.change(found.id, wanted, seen=form.seen, actor=current.actor()),
        lambda: _page(found, form),
        tell=told,
    )


def _page(found: CampaignFacts, form: StagesForm) -> str:
    closes = found.closes_at.astimezone(found.zone)
    last_day = (closes - timedelta(microseconds=1)).date()
    calendar = working_days.calendar()
    told = remarks(stages.timetable_of(found.id), closes_on=last_day, calendar=calendar)
    plan = plan_view_models.plan(found, now=current.now())
    return render_template(
        "organiser/stages/timetable.html",
        form=form,
        stages=[
            StageFields(str(s), stage_words.stage(s), form[f"{s}_first"], form[f"{s}_last"])
            for s in StageCode
        ],
        remarks=[(stage_words.stage(r.stage), stage_words.remark(r.code, r.facts)) for r in told],
        closes_at=closes,
        p=plan,
        side_nav=organiser_nav(found.slug, draft=plan.draft),
    )
