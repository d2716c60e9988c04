"""The draws of a campaign, for everybody: hash before, seed after, and how to recompute them. Arrival numbers, no names."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, render_template

from eventreg.campaigns import service as campaigns
from eventreg.venue.teams import drawing

bp = Blueprint("draws", __name__)

SCRIPT = (Path(__file__).parents[4] / "docs/recompute_draw.py").read_text("utf-8")


@bp.get("/campaigns/<slug>/draws")
def draws(slug: str) -> str:
    """Show all draws of a published campaign, the newest first."""
    found = campaigns.get_campaign(slug)
    shown = [
        (
            one,
            one.at.astimezone(found.zone),
            f"python recompute_draw.py {one.seed} {' '.join(map(str, one.among))}",
        )
        for one in drawing.list_draws(found.id)
    ]
    return render_template("employee/draws/draws.html", c=found, draws=shown, script=SCRIPT)
