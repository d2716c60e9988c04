"""Campaigns for programs, with times and free places. Scope `campaigns`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask_smorest.blueprint import Blueprint

from eventreg.campaigns import date_changes
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts, QuestionFacts, SignUpFormFacts
from eventreg.campaigns.plan.prefilled import audience_to_show
from eventreg.campaigns.policy import admission_of
from eventreg.campaigns.question_kinds import QuestionKind, day_of
from eventreg.people import units
from eventreg.web.api.schemas import CampaignList, CampaignShape
from eventreg.web.app import current

bp = Blueprint("api_campaigns", __name__, url_prefix="/api/v1", description="Campaigns and places left")


@bp.route("/campaigns", methods=["GET"])
@bp.response(200, CampaignList)
def list_campaigns() -> dict[str, Any]:
    """The published campaigns of the season"""
    found = campaigns.list_campaigns()
    forms = campaigns.entries_for(found)
    asked = date_changes.confirm_by_campaign(forms.keys(), now=current.now())
    return {"items": [shown(campaign, forms[campaign.id], asked.get(campaign.id)) for campaign in found]}


@bp.route("/campaigns/<slug>", methods=["GET"])
@bp.response(200, CampaignShape)
def get_campaign(slug: str) -> dict[str, Any]:
    """One campaign"""
    found = campaigns.get_campaign(slug)
    asked = date_changes.confirm_by_campaign([found.id], now=current.now())
    return shown(found, campaigns.entry_for(found), asked.get(found.id))


def shown(campaign: CampaignFacts, form: SignUpFormFacts, confirm_by: datetime | None) -> dict[str, Any]:
    """A campaign as its schema expects it; `confirm_by` is until when people are asked to confirm its newest date."""
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
        "confirm_by": confirm_by,
        "accepts": str(campaign.accepts),
        "audience": audience(campaign),
        "policy": policy(campaign),
        "one_of": campaign.one_of,
        "activities": [asdict(activity) for activity in campaign.activities],
        "form_version": form.version,
        "questions": [_question(question, campaign) for question in form.questions],
    }


def audience(campaign: CampaignFacts) -> dict[str, Any]:
    """Who may sign up."""
    it = campaign.eligible
    paths = units.paths_of(it.unit_ids)
    return {
        "text": audience_to_show(campaign),
        "gender": it.gender,
        "units": [paths[id_] for id_ in it.unit_ids if id_ in paths],
        "listed": it.listed or None,
    }


def policy(campaign: CampaignFacts) -> dict[str, Any]:
    """Who gets a place first."""
    it = admission_of(campaign.pools)
    paths = units.paths_of(it.units.keys())
    return {
        "kind": str(it.policy),
        "kept": it.kept or None,
        "until": it.until.astimezone(campaign.zone) if it.until else None,
        "units": [
            {"unit": paths.get(unit_id, ""), "places": one.places} for unit_id, one in it.units.items()
        ],
    }


def _question(question: QuestionFacts, campaign: CampaignFacts) -> dict[str, Any]:
    """A question with its options that can be chosen now and the places that they have."""
    pools = {p.option: p for p in campaign.pools if p.option and p.question_key == question.key}
    options = []
    for option in question.offered:
        pool = pools.get(option.code)
        places = {"capacity": pool.capacity, "free": pool.free} if pool else {"capacity": None, "free": None}
        options.append({"code": option.code, "label": option.label, **places})
    day = question.kind == QuestionKind.DATE
    bounds = {
        name: day_of(bound).isoformat() if day and bound is not None else bound
        for name, bound in (("least", question.least), ("most", question.most))
    }
    return {**asdict(question), "options": options, **bounds}
