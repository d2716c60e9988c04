"""Results of hikes for programs, by staff number. Scope `registrations`."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask_smorest.blueprint import Blueprint

from eventreg.campaigns import service as campaigns
from eventreg.venue.walk import readings, results
from eventreg.venue.walk.results import WalkLine
from eventreg.web.api.scan_schemas import WalkResultsShape

bp = Blueprint("api_results", __name__, url_prefix="/api/v1", description="Results of hikes")


@bp.route("/campaigns/<slug>/results", methods=["GET"])
@bp.response(200, WalkResultsShape)
def list_results(slug: str) -> dict[str, Any]:
    """The results of a campaign's hikes, by time; people who did not start are left out"""
    campaign = campaigns.get_campaign(slug)
    lines = [
        line for hike in readings.list_hikes(campaign) for line in results.list_results(campaign, hike).lines
    ]
    return {"results": [_shown(line, campaign.zone) for line in lines]}


def _shown(line: WalkLine, zone: ZoneInfo) -> dict[str, Any]:
    start, finish = line.result.start, line.result.finish
    return {
        "staff_no": line.staff_no,
        "start": start.astimezone(zone) if start else None,
        "finish": finish.astimezone(zone) if finish else None,
        "elapsed_s": line.result.elapsed_s,
        "standing": str(line.result.standing),
    }
