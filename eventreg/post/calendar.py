"""A ticket's calendar entries: one per activity, with a UID that never changes (RFC 5545)."""

from __future__ import annotations

from datetime import datetime, timedelta

from icalendar import Calendar, Event

from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.campaigns.rules import Schedule

STATUS = {
    Schedule.TENTATIVE: "TENTATIVE",
    Schedule.CONFIRMED: "CONFIRMED",
    Schedule.MOVED: "CONFIRMED",
    Schedule.CANCELLED: "CANCELLED",
}


def ics(campaign: CampaignFacts, registration_id: int, *, host: str, now: datetime) -> bytes:
    """The .ics of one registration. A day without an hour is an all-day entry."""
    calendar = Calendar()
    calendar.add("prodid", "-//eventreg//eventreg//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for activity in campaign.activities:
        calendar.add_component(_entry(campaign, activity, registration_id, host=host, now=now))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _entry(
    campaign: CampaignFacts, activity: ActivityFacts, registration_id: int, *, host: str, now: datetime
) -> Event:
    entry = Event()
    entry.add("uid", f"registration-{registration_id}-activity-{activity.id}@{host}")
    entry.add("sequence", activity.sequence)
    entry.add("dtstamp", now)
    entry.add("summary", f"{activity.title} · {campaign.title}")
    entry.add("status", STATUS[activity.schedule])
    if activity.place:
        entry.add("location", activity.place)
    if activity.time_known:
        entry.add("dtstart", activity.starts_at)
        entry.add("dtend", activity.ends_at)
    else:
        entry.add("dtstart", activity.starts_at.date())
        entry.add("dtend", activity.starts_at.date() + timedelta(days=1))
    return entry
