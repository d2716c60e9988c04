"""A campaign's times change: its reminders follow and its groups are told, in the same unit of work."""

from __future__ import annotations

from datetime import datetime

from eventreg.campaigns import planning
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.planning import Basics
from eventreg.campaigns.writing import NewActivity
from eventreg.registrations import announcing

from .reminders import making
from .robots import news as robots


def change_basics(campaign_id: int, wanted: Basics, *, seen: int, by: str, now: datetime) -> bool:
    """Change what a campaign says of itself, its deadline too. Raises what `planning.change_basics` does."""
    changed = planning.change_basics(campaign_id, wanted, seen=seen, by=by, now=now)
    if changed:
        making.retime(campaign_id, now=now)
    return changed


def change_activity(
    campaign_id: int, activity_id: int, wanted: NewActivity, *, seen: int, by: str, now: datetime
) -> int:
    """Change an activity; how many people are told. Raises what `announcing.change_activity` does."""
    before = campaigns.campaigns_by_id({campaign_id}).get(campaign_id)
    told = announcing.change_activity(campaign_id, activity_id, wanted, seen=seen, by=by, now=now)
    making.retime(campaign_id, now=now)
    if before is not None:
        robots.tell_change(before, activity_id, now=now)
    return told


def publish(campaign_id: int, *, seen: int, by: str, now: datetime) -> bool:
    """Publish a draft; what its reminders would have said before is not made up for."""
    published = planning.publish(campaign_id, seen=seen, by=by, now=now)
    if published:
        making.retime(campaign_id, now=now, afresh=True)
    return published
