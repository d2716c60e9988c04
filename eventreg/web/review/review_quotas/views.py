"""The quota table for HR: the progress of each department, and later deadlines for single departments."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.db.session import unit_of_work
from eventreg.nominations import access, quotas
from eventreg.nominations.quotas import QuotaLine
from eventreg.web.app import current
from eventreg.web.app.records import Record
from eventreg.web.app.side_nav import review_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.web.organiser.quotas.forms import ExtensionForm, extension_form
from eventreg.web.organiser.quotas.view_models import manned
from eventreg.words import times
from eventreg.words.award import award_words

bp = Blueprint("review_quotas", __name__)


@bp.get("/review/campaigns/<slug>/quotas")
def table(slug: str) -> str:
    """Show places, submitted and left places, and drafts of each department with places."""
    found = access.get_award_for_hr(slug)
    return _page(found, _extension(found))


@bp.post("/review/campaigns/<slug>/quotas/extension")
def extend(slug: str) -> Page:
    """Give one department a later deadline; the campaign's history records who did."""
    found, now = access.get_award_for_hr(slug), current.now()
    form = _extension(found)
    unit_id, until = form.read(found.zone, now=now)
    if form.errors:
        return _page(found, form), 422
    with saying_at(form, version=lambda: access.get_award_for_hr(slug).version), unit_of_work():
        quotas.extend(found.id, unit_id, until, seen=form.seen, actor=current.actor())
    if form.errors:
        return _page(found, form), 409
    flash(_("已延期，只对这个单位有效。"), "seated")
    return redirect(url_for("review_quotas.table", slug=slug), 303)


def _extension(found: CampaignFacts) -> ExtensionForm:
    return extension_form(found.version, quotas.table(found.id), found.zone)


def _page(found: CampaignFacts, form: ExtensionForm) -> str:
    lines = [line for line in quotas.table(found.id) if line.places]
    return render_template(
        "review/review_quotas/table.html",
        title=found.title,
        lang=found.lang,
        closes_at=found.deadline,
        **manned(lines, now=current.now()),
        departments=[_department(line, found) for line in lines],
        form=form,
        action=url_for("review_quotas.extend", slug=found.slug),
        side_nav=review_nav(found.slug),
    )


def _department(line: QuotaLine, found: CampaignFacts) -> Record:
    said = [award_words.filled(places=line.places, filled=line.filled, drafts=line.drafts)]
    if line.extended_until:
        said.append(_("延期到 %(at)s", at=times.deadline(line.extended_until.astimezone(found.zone))))
    state = (
        ("seated", _("名额用完"))
        if line.remaining <= 0
        else ("waiting", _("还余 %(n)s 个", n=line.remaining))
    )
    return Record(line.unit, tuple(said), state, lang="zh-CN")
