"""Campaigns for programs, with times and free places. Scope `campaigns`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask_smorest.blueprint import Blueprint

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts, SignUpFormFacts
from eventreg.web.api.schemas import CampaignList, CampaignShape

bp = Blueprint("api_campaigns", __name__, url_prefix="/api/v1", description="Campaigns and places left")


@bp.route("/campaigns", methods=["GET"])
@bp.response(200, CampaignList)
def list_campaigns() -> dict[str, Any]:
    """The published campaigns of the season"""
    found = campaigns.list_campaigns()
    forms = campaigns.entries_for(found)
    return {"items": [shown(campaign, forms[campaign.id]) for campaign in found]}


@bp.route("/campaigns/<slug>", methods=["GET"])
@bp.response(200, CampaignShape)
def get_campaign(slug: str) -> dict[str, Any]:
    """One campaign"""
    found = campaigns.get_campaign(slug)
    return shown(found, campaigns.entry_for(found))


def shown(campaign: CampaignFacts, form: SignUpFormFacts) -> dict[str, Any]:
    """A campaign as its schema expects it."""
    pool = campaign.total
    return {
        "slug": campaign.slug,
        "title": campaign.title,
        "opens_at": campaign.opens_at,
        "closes_at": campaign.closes_at,
        "capacity": pool.places if pool else None,
        "taken": pool.taken if pool else None,
        "free": pool.free if pool else None,
        "waiting": campaign.waiting,
        "accepts": str(campaign.accepts),
        "activities": [asdict(activity) for activity in campaign.activities],
        "form_version": form.version,
        "questions": [asdict(question) for question in form.questions],
    }
