"""What is missing before a draft can be published. Pure: it returns codes, which are worded at the edge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from eventreg.campaigns.facts import CampaignFacts, NoticeFacts
from eventreg.campaigns.kinds import places_of
from eventreg.campaigns.policy import admission_of, check_until
from eventreg.campaigns.rules import PoolScope, ScheduleState
from eventreg.core.errors import Refused

FAR_AWAY = timedelta(days=400)  # pages show no year: a day in another one would be taken for this one


class PlanPart(StrEnum):
    """The page of the plan on which a gap is corrected."""

    BASICS = "basics"
    ACTIVITIES = "activities"
    PLACES = "places"


@dataclass(frozen=True, slots=True)
class ReadinessGap:
    """One thing that is missing or does not fit: the part of the plan and the field that correct it, a code, and its facts."""

    part: PlanPart
    code: str
    at: datetime | None = None
    count: int = 0
    field: str = ""


def lacks(campaign: CampaignFacts, notice: NoticeFacts, *, now: datetime) -> list[ReadinessGap]:
    """Everything that must be corrected before publication, in the order of the pages."""
    found = [*_basics(campaign, notice, now=now), *_activities(campaign, now=now)]
    if campaign.total is not None and campaign.total.capacity == 0:
        found.append(ReadinessGap(PlanPart.PLACES, "no_places", field="capacity"))
    try:
        check_until(admission_of(campaign.pools).until, campaign.window, now=now)
    except Refused:
        found.append(ReadinessGap(PlanPart.PLACES, "until_does_not_fit", field="until"))
    return found


def doubts(campaign: CampaignFacts, *, now: datetime) -> list[ReadinessGap]:
    """What may be a mistake but does not prevent publication."""
    found = []
    if campaign.activities and campaign.begins_at - now > FAR_AWAY:
        found.append(ReadinessGap(PlanPart.ACTIVITIES, "far_away", at=campaign.begins_at))
    total = campaign.total
    allotted = sum(pool.capacity for pool in campaign.pools if pool.scope is PoolScope.UNIT)
    if total is not None and allotted > total.capacity:
        found.append(ReadinessGap(PlanPart.PLACES, "allotted_more", count=allotted - total.capacity))
    for activity in campaign.activities:
        if activity.schedule is ScheduleState.CANCELLED:
            continue
        places = places_of(activity.kind, activity.parameters)
        if places is not None and total is not None and places != total.capacity:
            found.append(ReadinessGap(PlanPart.PLACES, "teams_do_not_fill", count=places))
    return found


def _basics(campaign: CampaignFacts, notice: NoticeFacts, *, now: datetime) -> list[ReadinessGap]:
    found = []
    if not campaign.intro:
        found.append(ReadinessGap(PlanPart.BASICS, "no_intro", field="intro"))
    if not notice.paragraphs:
        found.append(ReadinessGap(PlanPart.BASICS, "no_notice", field="notice"))
    if campaign.deadline <= now:
        found.append(
            ReadinessGap(PlanPart.BASICS, "deadline_passed", at=campaign.deadline, field="closes_at")
        )
    if not campaign.opens_on_publication and campaign.deadline <= campaign.opens_at:
        found.append(
            ReadinessGap(PlanPart.BASICS, "closes_before_opening", at=campaign.opens_at, field="opens_at")
        )
    if campaign.activities and campaign.deadline > campaign.starts_at:
        found.append(
            ReadinessGap(PlanPart.BASICS, "closes_after_start", at=campaign.starts_at, field="closes_at")
        )
    if campaign.activities and campaign.retain_until < campaign.ends_at.date():
        found.append(
            ReadinessGap(PlanPart.BASICS, "erased_before_end", at=campaign.ends_at, field="retain_until")
        )
    return found


def _activities(campaign: CampaignFacts, *, now: datetime) -> list[ReadinessGap]:
    if not campaign.activities:
        return [ReadinessGap(PlanPart.ACTIVITIES, "no_activities")]
    if campaign.begins_at <= now:
        return [ReadinessGap(PlanPart.ACTIVITIES, "day_passed", at=campaign.begins_at)]
    return []
