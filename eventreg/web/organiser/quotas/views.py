"""The quota table of an award: filled in by rule, by hand or from a file, and sent as the annex."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.db.session import let_go, unit_of_work
from eventreg.core.errors import Refused
from eventreg.core.uploaded_files.file_names import file_name
from eventreg.nominations import access, quota_file, quotas, terms
from eventreg.reports import quota_sheet
from eventreg.web.app import current
from eventreg.web.app.attachments import workbook
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.web.forms.uploaded import find_uploaded
from eventreg.web.organiser import organiser_scope
from eventreg.web.organiser.campaigns import view_models as plan_view_models
from eventreg.words import refusals

from . import forms, view_models
from .forms import ExtensionForm, QuotaForm, extension_form, quota_form
from .view_models import FileReport

bp = Blueprint("quotas", __name__)


@bp.get("/manage/campaigns/<slug>/quotas")
def table(slug: str) -> str:
    """Show each department: women, places, submitted, left."""
    found = access.get_award_for_organiser(slug, current.reader())
    return _page(found, _form(found))


@bp.post("/manage/campaigns/<slug>/quotas")
def save(slug: str) -> Page:
    """Save the table; other buttons only fill it in by the rule, or add up what is typed."""
    found = access.get_award_for_organiser(slug, current.reader())
    form = _form(found)
    if "calculate" in request.form:
        form.calculate()
        return (_page(found, form), 422) if form.errors else _page(found, form, preview=True)
    if "recount" in request.form:
        form.recount()
        return (_page(found, form), 422) if form.errors else _page(found, form, preview=True)
    wanted, rule = form.read()
    if form.errors:
        return _page(found, form), 422
    with saying_at(form, version=lambda: organiser_scope.get_campaign(slug).version), unit_of_work():
        quotas.save(found.id, wanted, rule, seen=form.seen, actor=current.actor())
    if form.errors:
        return _page(found, form), 409
    flash(_("分配表已保存。"), "seated")
    return redirect(url_for("quotas.table", slug=slug), 303)


@bp.post("/manage/campaigns/<slug>/quotas/file")
def bring(slug: str) -> Page:
    """Fill the table in from a workbook for review, with what was not taken of it; nothing is saved yet."""
    found = access.get_award_for_organiser(slug, current.reader())
    form, brought = _form(found, sent=False), find_uploaded("file")
    if brought is None:
        return _page(found, form, trouble=refusals.say("quota.no_file", {})), 422
    let_go()  # reading takes seconds
    try:
        read = quota_file.read(brought.name, brought.stream, form.lines)
    except Refused as refused:
        return _page(found, form, trouble=refusals.say(refused.code, refused.facts)), 422
    form.fill(
        quota_file.explained(read.requests, _("按文件 %(name)s", name=file_name(brought.name, most=40)))
    )
    return _page(found, form, preview=bool(read.requests), report=view_models.file_report(read))


@bp.get("/manage/campaigns/<slug>/quotas.xlsx")
def export(slug: str) -> Response:
    """Send the table as the annex."""
    found = access.get_award_for_organiser(slug, current.reader())
    lines, rule = quotas.table(found.id), terms.rule_of(found.id)
    return workbook(
        lambda file: quota_sheet.write(file, found.title, lines, rule),
        name=_("%(title)s 推荐名额分配表", title=found.title),
    )


@bp.post("/manage/campaigns/<slug>/quotas/extension")
def extend(slug: str) -> Page:
    """Let one department submit later."""
    found, now = access.get_award_for_organiser(slug, current.reader()), current.now()
    extension = extension_form(found.version, quotas.table(found.id), found.zone)
    unit_id, until = extension.read(found.zone, now=now)
    if extension.errors:
        return _page(found, _form(found, sent=False), extension=extension), 422
    with saying_at(extension, version=lambda: organiser_scope.get_campaign(slug).version), unit_of_work():
        quotas.extend(found.id, unit_id, until, seen=extension.seen, actor=current.actor())
    if extension.errors:
        return _page(found, _form(found, sent=False), extension=extension), 409
    flash(_("已延期，只对这个单位有效。"), "seated")
    return redirect(url_for("quotas.table", slug=slug), 303)


def _form(found: CampaignFacts, *, sent: bool = True) -> QuotaForm:
    lines, rule = quotas.table(found.id), terms.rule_of(found.id)
    return quota_form(found.version, lines, rule, sent=sent)


def _page(
    found: CampaignFacts,
    form: QuotaForm,
    *,
    preview: bool = False,
    report: FileReport | None = None,
    trouble: str = "",
    extension: ExtensionForm | None = None,
) -> str:
    now = current.now()
    plan = plan_view_models.plan(found, now=now)
    return render_template(
        "organiser/quotas/table.html",
        form=form,
        details=forms.details(),
        extension=extension or extension_form(found.version, form.lines, found.zone, sent=False),
        t=view_models.table(
            found, form.lines, terms.terms_of(found), terms.rule_of(found.id), total=form.places_total
        ),
        preview=preview,
        **view_models.manned(form.lines, now=now),
        report=report,
        trouble=trouble,
        p=plan,
        side_nav=organiser_nav(found.slug, draft=plan.draft),
    )
