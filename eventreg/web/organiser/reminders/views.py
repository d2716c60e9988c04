"""The reminder rules of a campaign: list, add, change, switch and remove them; preview the letter."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.people import units
from eventreg.reminders import service as rules
from eventreg.reminders.audiences import list_audiences
from eventreg.reminders.reminder_facts import RuleFacts
from eventreg.web.app import current
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.web.forms.plan_form import zone_hint
from eventreg.web.organiser import organiser_scope
from eventreg.web.organiser.campaigns import view_models as plan_view_models
from eventreg.web.organiser.steps import seen, step

from . import view_models
from .forms import ReminderForm, reminder_form

bp = Blueprint("reminders", __name__)


@bp.get("/manage/campaigns/<slug>/reminders")
def reminders(slug: str) -> str:
    """List the rules, the next one first, with the number of people each would reach now."""
    return _list(organiser_scope.get_campaign(slug))


@bp.post("/manage/campaigns/<slug>/reminders/usual")
def add_usual(slug: str) -> Page:
    """Add the rules that most campaigns want."""
    found = organiser_scope.get_campaign(slug)
    work = partial(rules.add_usual, found.id, seen=seen(), actor=current.actor())
    return step(slug, work, _list, to=_list_url(slug), told=_("常用的提醒已加上。"))


@bp.get("/manage/campaigns/<slug>/reminders/new")
def new_reminder(slug: str) -> str:
    """Show the form of a new rule."""
    found = organiser_scope.get_campaign(slug)
    return _page(found, _form(found))


@bp.post("/manage/campaigns/<slug>/reminders/new")
def add_reminder(slug: str) -> Page:
    """Add a rule."""
    found = organiser_scope.get_campaign(slug)
    form = _form(found)
    wanted = form.read()
    if form.errors:
        return _page(found, form), 422
    with saying_at(form, version=lambda: organiser_scope.get_campaign(slug).version), unit_of_work():
        rules.add(found.id, wanted, seen=form.seen, actor=current.actor())
    if form.errors:
        return _page(found, form), 409
    flash(_("提醒已加上。"), "seated")
    return redirect(_list_url(slug), 303)


@bp.get("/manage/campaigns/<slug>/reminders/<int:rule_id>")
def edit_reminder(slug: str, rule_id: int) -> str:
    """Show the form of a rule."""
    found = organiser_scope.get_campaign(slug)
    rule = _get(found, rule_id)
    return _page(found, _form(found, rule), rule)


@bp.post("/manage/campaigns/<slug>/reminders/<int:rule_id>")
def save_reminder(slug: str, rule_id: int) -> Page:
    """Change a rule."""
    found = organiser_scope.get_campaign(slug)
    rule = _get(found, rule_id)
    form = _form(found, rule)
    wanted = form.read()
    if form.errors:
        return _page(found, form, rule), 422
    with saying_at(form, version=lambda: organiser_scope.get_campaign(slug).version), unit_of_work():
        rules.change(found.id, rule_id, wanted, seen=form.seen, actor=current.actor())
    if form.errors:
        return _page(found, form, rule), 409
    flash(_("提醒已保存。"), "seated")
    return redirect(_list_url(slug), 303)


@bp.get("/manage/campaigns/<slug>/reminders/<int:rule_id>/letter")
def letter(slug: str, rule_id: int) -> str:
    """Show the letter in both languages, as it would be sent now."""
    found = organiser_scope.get_campaign(slug)
    rule = _get(found, rule_id)
    plan = plan_view_models.plan(found, now=current.now())
    return render_template(
        "organiser/reminders/letter.html",
        p=plan,
        when=view_models.when_words(rule.wanted, found),
        letters=view_models.rendered(rule, found),
        wording_url=view_models.wording_url(rule, slug),
        side_nav=organiser_nav(slug, draft=plan.draft),
    )


@bp.post("/manage/campaigns/<slug>/reminders/<int:rule_id>/switch")
def switch_reminder(slug: str, rule_id: int) -> Page:
    """Switch a rule on or off."""
    found, on = organiser_scope.get_campaign(slug), request.form.get("on") == "1"
    work = partial(rules.switch, found.id, rule_id, on=on, seen=seen(), actor=current.actor())
    told = _("提醒已重新启用。") if on else _("提醒已停下，到时候不发。")
    return step(slug, work, _list, to=_list_url(slug), told=told)


@bp.post("/manage/campaigns/<slug>/reminders/<int:rule_id>/removal")
def remove_reminder(slug: str, rule_id: int) -> Page:
    """Remove a rule."""
    found = organiser_scope.get_campaign(slug)
    work = partial(rules.remove, found.id, rule_id, seen=seen(), actor=current.actor())
    return step(slug, work, _list, to=_list_url(slug), told=_("提醒已去掉。"))


def _list_url(slug: str) -> str:
    return url_for("reminders.reminders", slug=slug)


def _get(found: CampaignFacts, rule_id: int) -> RuleFacts:
    rule = rules.find_rule(rule_id)
    if rule is None or rule.campaign_id != found.id:
        raise NotFound("reminder")
    return rule


def _form(found: CampaignFacts, rule: RuleFacts | None = None) -> ReminderForm:
    zone = zone_hint(found.zone)
    return reminder_form(found, units.list_units(), rule.wanted if rule else None, zone=zone)


def _list(found: CampaignFacts, refused: Refused | None = None) -> str:
    plan = plan_view_models.plan(found, now=current.now(), refused=refused)
    listed = rules.list_rules(found.id)
    named = units.paths_of({rule.wanted.unit_id for rule in listed if rule.wanted.unit_id is not None})
    return render_template(
        "organiser/reminders/reminders.html",
        p=plan,
        lines=[view_models.card(rule, found, named) for rule in listed],
        possible=bool(list_audiences(found)),
        side_nav=organiser_nav(found.slug, draft=plan.draft),
    )


def _page(found: CampaignFacts, form: ReminderForm, rule: RuleFacts | None = None) -> str:
    plan = plan_view_models.plan(found, now=current.now())
    return render_template(
        "organiser/reminders/edit_reminder.html",
        form=form,
        p=plan,
        made=rule is not None,
        side_nav=organiser_nav(found.slug, draft=plan.draft),
    )
