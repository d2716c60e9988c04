"""The figures of a campaign, drawn on the server; each drawing has a table that says the same."""

from __future__ import annotations

from flask import Blueprint, render_template

from eventreg.campaigns import service as campaigns
from eventreg.people.rules import Gender
from eventreg.registrations import roster
from eventreg.registrations.figures import reading
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.organiser import organiser_scope

from . import view_models

bp = Blueprint("figures", __name__)


@bp.get("/manage/campaigns/<slug>/figures")
def figures(slug: str) -> str:
    """Show sign-ups over time, states and withdrawals, totals of answers, and departments by gender."""
    found = organiser_scope.get_campaign(slug)
    days = reading.list_days(found)
    asked = [q for q in campaigns.entry_for(found).answered if view_models.is_counted(q)]
    totals = reading.answer_totals(found.id, asked)
    units = reading.list_units(found)
    counts = roster.counts_of(found.id)
    return render_template(
        "organiser/figures/figures.html",
        c=found,
        days=view_models.days(days) if days else None,
        states=view_models.endings(reading.count_endings(found.id), counts),
        answers=[view_models.question(q, totals[q.key], found) for q in asked],
        units=[
            view_models.units(units, gender) for gender in Gender if view_models.has_people(units, gender)
        ],
        side_nav=organiser_nav(slug, draft=not found.published),
    )
