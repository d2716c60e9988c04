"""What a campaign still holds about people, what goes at which date, and what stays as the record."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, render_template

from eventreg.privacy.retention import service
from eventreg.privacy.retention.rules import is_announced, is_due
from eventreg.web.app import current
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.organiser import organiser_scope
from eventreg.web.organiser.campaigns import view_models as plan_view_models
from eventreg.words.operations import retention_words

bp = Blueprint("retention", __name__)


@bp.get("/manage/campaigns/<slug>/retention")
def kept(slug: str) -> str:
    """Show what goes and what stays."""
    found = organiser_scope.get_campaign(slug)
    facts = service.facts_of(found.id)
    today = current.now().astimezone(ZoneInfo(found.zone.key)).date()
    plan = plan_view_models.plan(found, now=current.now())
    return render_template(
        "organiser/retention/kept.html",
        facts=facts,
        parts=retention_words.counted(facts.parts),
        soon=is_announced(facts.retain_until, today),
        due=is_due(facts.retain_until, today),
        p=plan,
        side_nav=organiser_nav(found.slug, draft=plan.draft),
    )
