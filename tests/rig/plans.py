"""A plan in hand: a draft like the outing, and one change by somebody who has just looked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import Flask

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.campaigns.inputs import NewActivity, SeasonInput
from eventreg.campaigns.plan import copying, planning
from eventreg.campaigns.plan.planning import CampaignBasics
from eventreg.core.db.session import unit_of_work
from tests.rig.actors import acting
from tests.rig.cast import DAY, NOW, Stage

NOTICE = ("用途：当天签到。",)
SEASON = SeasonInput("2027 年三八", "三月", "三项活动。", "禾川三八", "党群工作部", None, DAY.date())
HOUR = timedelta(hours=1)


def facts(app: Flask, slug: str) -> CampaignFacts:
    """The campaign as it is now."""
    with app.app_context():
        return campaigns.get_managed(slug)


def do(app: Flask, slug: str, work: Callable[..., Any], *args: Any, now: datetime = NOW, **how: Any) -> Any:
    """One change by somebody who has just looked, in a unit of work of its own."""
    seen = facts(app, slug)
    with app.app_context(), unit_of_work():
        return work(seen.id, *args, seen=seen.version, actor=acting("test", now), **how)


def draft(app: Flask, stage: Stage, slug: str = "copy") -> CampaignFacts:
    """A copy of the outing, made by A1."""
    with app.app_context():
        copy = copying.copy_of(campaigns.get_campaign("outing"), slug=slug, title="再来一次")
        with unit_of_work():
            planning.make_draft(copy, notice=NOTICE, actor=acting(stage.people["A1"], NOW))
    return facts(app, slug)


def basics(campaign: CampaignFacts, **changes: Any) -> CampaignBasics:
    """What the campaign says of itself, with some of it changed."""
    whole = CampaignBasics(
        title=campaign.title,
        slug=campaign.slug,
        intro=campaign.intro,
        audience=campaign.audience,
        lang=campaign.lang,
        opens_at=None if campaign.opens_on_publication else campaign.opens_at,
        closes_at=campaign.deadline,
        retain_until=campaign.retain_until,
        notice=NOTICE,
    )
    return replace(whole, **changes)


def as_new(activity: ActivityFacts, **changes: Any) -> NewActivity:
    """The activity as a form would ask for it, with some of it changed."""
    whole = NewActivity(
        activity.kind, activity.title, activity.starts_at, activity.ends_at, activity.time_known,
        activity.schedule, activity.parameters, activity.place,
    )  # fmt: skip
    return replace(whole, **changes)
