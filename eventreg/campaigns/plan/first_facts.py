"""What the form of a new campaign says beside its name: when, where, for how many, what it is about. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from eventreg.campaigns.inputs import NewActivity, NewCampaign
from eventreg.campaigns.rules import Intake, ScheduleState
from eventreg.core.errors import Refused

from .prefilled import Prefilled

CLOSES = time(18)
DAYS_TO_DECIDE = 3  # between the deadline and the day


@dataclass(frozen=True, slots=True)
class FirstHours:
    """The start and the end of the first activity, and whether the hours are known."""

    starts_at: datetime
    ends_at: datetime
    time_known: bool


@dataclass(frozen=True, slots=True)
class FirstFacts:
    """What was typed; None and "" stand for nothing."""

    hours: FirstHours | None = None
    place: str = ""
    capacity: int | None = None
    intro: str = ""

    @property
    def first_typed(self) -> str:
        """The name of the first field that was typed beside the introduction, "" if none was."""
        typed = {
            "day": self.hours is not None,
            "place": bool(self.place),
            "capacity": self.capacity is not None,
        }
        return next((name for name, there in typed.items() if there), "")


def with_first_facts(campaign: NewCampaign, facts: FirstFacts, *, now: datetime) -> NewCampaign:
    """The campaign to be made with these facts; what they set is no longer prefilled.

    A day moves all activities and everything that is counted from them by as many days; an hour moves the later ones
    along. Raises
    Refused("plan.award_has_no_places") for an award, which has its times and places elsewhere.
    """
    if campaign.accepts is Intake.NOMINATIONS and facts.first_typed:
        raise Refused("plan.award_has_no_places", field=facts.first_typed)
    if facts.hours is not None:
        campaign = _moved(campaign, facts.hours, now=now)
    if facts.place:
        activities = tuple(replace(activity, place=facts.place) for activity in campaign.activities)
        campaign = replace(campaign, activities=activities)
    if facts.capacity is not None:
        campaign = _without(replace(campaign, capacity=facts.capacity), Prefilled.PLACES)
    return replace(campaign, intro=facts.intro or campaign.intro)


def deadline_before(starts_at: datetime, *, now: datetime) -> datetime:
    """18:00 three days before the start; where that has passed the evening before, then the start itself."""
    evenings = (
        datetime.combine(starts_at.date() - timedelta(days=days), CLOSES, starts_at.tzinfo)
        for days in (DAYS_TO_DECIDE, 1)
    )
    return next((at for at in evenings if at > now), starts_at)


def _moved(campaign: NewCampaign, hours: FirstHours, *, now: datetime) -> NewCampaign:
    if not campaign.activities:
        return campaign
    first, *others = campaign.activities
    days = hours.starts_at.date() - first.starts_at.date()
    settled = replace(
        first,
        starts_at=hours.starts_at,
        ends_at=hours.ends_at,
        time_known=hours.time_known,
        schedule=ScheduleState.CONFIRMED,
    )
    hours_known = first.time_known and hours.time_known
    shift = hours.starts_at - first.starts_at if hours_known else days
    closes_at = campaign.closes_at + days
    if not now < closes_at <= hours.starts_at:
        closes_at = deadline_before(hours.starts_at, now=now)
    moved = replace(
        campaign,
        activities=(
            settled,
            *(_later(activity, shift if activity.time_known else days) for activity in others),
        ),
        closes_at=closes_at,
        retain_until=campaign.retain_until + days,
        bounds=tuple(
            replace(pool, ends_at=min(pool.ends_at + days, closes_at)) if pool.ends_at else pool
            for pool in campaign.bounds
        ),
    )
    return _without(moved, Prefilled.WHEN)


def _later(activity: NewActivity, days: timedelta) -> NewActivity:
    return replace(activity, starts_at=activity.starts_at + days, ends_at=activity.ends_at + days)


def _without(campaign: NewCampaign, *touched: Prefilled) -> NewCampaign:
    return replace(campaign, defaults=tuple(code for code in campaign.defaults if code not in touched))
