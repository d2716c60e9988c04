"""List, add, change, order and retire the questions of a sign-up form."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts, QuestionFacts
from eventreg.campaigns.plan import questions as asking
from eventreg.core.errors import NotFound, Refused
from eventreg.registrations import answered_questions
from eventreg.web.app import current
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.organiser import organiser_scope
from eventreg.web.organiser.campaigns import view_models as plan_view_models
from eventreg.web.organiser.steps import save, seen, step

from .forms import QuestionForm, details, question_form

bp = Blueprint("questions", __name__)


@bp.get("/manage/campaigns/<slug>/questions")
def questions(slug: str) -> str:
    """List the questions in order."""
    return _list(organiser_scope.get_campaign(slug))


@bp.get("/manage/campaigns/<slug>/questions/new")
def new_question(slug: str) -> str:
    """Show the form of a new question."""
    found = organiser_scope.get_campaign(slug)
    return _page(found, question_form(None, version=found.version))


@bp.post("/manage/campaigns/<slug>/questions/new")
def add_question(slug: str) -> Page:
    """Add a question."""
    found = organiser_scope.get_campaign(slug)
    form = question_form(None, version=found.version)
    work = partial(answered_questions.add, found.id, form.read(), seen=form.seen, actor=current.actor())
    told = _("问题已加上。")
    return save(slug, form, work, partial(_page, found, form), tell=lambda _id: _back(slug, told))


@bp.get("/manage/campaigns/<slug>/questions/<int:question_id>")
def edit_question(slug: str, question_id: int) -> str:
    """Show the form of a question."""
    found = organiser_scope.get_campaign(slug)
    question = _get(found, question_id)
    return _page(found, question_form(question, found.pools, version=found.version), question)


@bp.post("/manage/campaigns/<slug>/questions/<int:question_id>")
def save_question(slug: str, question_id: int) -> Page:
    """Change a question; for one that was answered the form asks what other words mean."""
    found = organiser_scope.get_campaign(slug)
    question = _get(found, question_id)
    form = question_form(question, found.pools, version=found.version)
    asked, told = form.read(), _("问题已保存。")
    work = partial(
        answered_questions.change,
        found.id,
        question_id,
        asked,
        meant=form.read_meaning(),
        seen=form.seen,
        actor=current.actor(),
    )
    return save(slug, form, work, partial(_page, found, form, question), tell=lambda _id: _back(slug, told))


@bp.post("/manage/campaigns/<slug>/questions/<int:question_id>/place")
def move_question(slug: str, question_id: int) -> Page:
    """Exchange it with the one before it."""
    found = organiser_scope.get_campaign(slug)
    work = partial(asking.move_up, found.id, question_id, seen=seen(), actor=current.actor())
    return step(slug, work, _list, to=url_for("questions.questions", slug=slug), told=_("顺序已改。"))


@bp.post("/manage/campaigns/<slug>/questions/<int:question_id>/removal")
def retire_question(slug: str, question_id: int) -> Page:
    """Stop asking it; its answers stay."""
    found = organiser_scope.get_campaign(slug)
    work = partial(answered_questions.retire, found.id, question_id, seen=seen(), actor=current.actor())
    return step(slug, work, _list, to=url_for("questions.questions", slug=slug), told=_("问题已去掉。"))


def _get(found: CampaignFacts, question_id: int) -> QuestionFacts:
    question = next((q for q in campaigns.list_questions(found.id) if q.id == question_id), None)
    if question is None:
        raise NotFound("question")
    return question


def _back(slug: str, told: str) -> Response:
    """To the list, or to the campaign's plan where the second button was pressed."""
    flash(told, "seated")
    back = "campaigns.campaign" if request.form.get("then") == "plan" else "questions.questions"
    return redirect(url_for(back, slug=slug), 303)


def _list(found: CampaignFacts, refused: Refused | None = None) -> str:
    plan = plan_view_models.plan(found, now=current.now(), refused=refused)
    asked = campaigns.list_questions(found.id)
    lines = [
        plan_view_models.question(q, found, first=n == 0, movable=plan.changeable)
        for n, q in enumerate(asked)
    ]
    return render_template(
        "organiser/questions/questions.html",
        p=plan,
        lines=lines,
        side_nav=organiser_nav(found.slug, draft=plan.draft),
    )


def _page(found: CampaignFacts, form: QuestionForm, question: QuestionFacts | None = None) -> str:
    plan = plan_view_models.plan(found, now=current.now())
    return render_template(
        "organiser/questions/edit_question.html",
        form=form,
        p=plan,
        details=details(),
        made=question is not None,
        answered=question is not None and answered_questions.is_answered(question.id),
        side_nav=organiser_nav(found.slug, draft=plan.draft),
    )
