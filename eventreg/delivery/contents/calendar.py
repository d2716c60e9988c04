"""Calendar entries: one for each activity of a registration, with a UID that never changes (RFC 5545, 5546).

PUBLISH sends entries, CANCEL removes them. The SEQUENCE of a UID never goes down: it is the activity's, and one more in
the CANCEL of a withdrawn registration, after which that UID is not used again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.campaigns.rules import ScheduleState

if TYPE_CHECKING:
    from icalendar import Event, vCalAddress

STATUS = {
    ScheduleState.TENTATIVE: "TENTATIVE",
    ScheduleState.CONFIRMED: "CONFIRMED",
    ScheduleState.MOVED: "CONFIRMED",
    ScheduleState.CANCELLED: "CANCELLED",
}
REFRESH = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class CalendarPublisher:
    """The publisher of the entries: the host in their UIDs, and the ORGANIZER that RFC 5546 requires."""

    host: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """An activity in a person's calendar; `registration_id` is None in an organiser's feed.

    `status` replaces the schedule's, for people who wait; `raised` is added to the SEQUENCE.
    """

    campaign: CampaignFacts
    activity: ActivityFacts
    registration_id: int | None = None
    title: str = ""
    status: str = ""
    raised: int = 0
    attendee: str = ""

    def uid(self, host: str) -> str:
        """The UID, which is the same in mails, files and feeds and never changes."""
        hers = f"registration-{self.registration_id}-" if self.registration_id is not None else ""
        return f"{hers}activity-{self.activity.id}@{host}"


def house(base_url: str, mail_from: str) -> CalendarPublisher:
    """The publisher, from the base address and the mail sender of the settings."""
    name, address = parseaddr(mail_from)
    return CalendarPublisher(urlsplit(base_url).hostname or "localhost", name, address)


def ics(campaign: CampaignFacts, registration_id: int, *, house: CalendarPublisher, now: datetime) -> bytes:
    """The .ics file of a registration with its current activities."""
    entries = [CalendarEntry(campaign, activity, registration_id) for activity in campaign.activities]
    return _written(entries, method="PUBLISH", house=house, now=now)


def cancel(
    campaign: CampaignFacts,
    activities: Sequence[ActivityFacts],
    registration_id: int,
    *,
    attendee: str,
    house: CalendarPublisher,
    now: datetime,
    given_up: bool,
) -> bytes:
    """A CANCEL of these activities for one person, because they are cancelled or the registration was withdrawn."""
    entries = [
        CalendarEntry(
            campaign, a, registration_id, status="CANCELLED", raised=int(given_up), attendee=attendee
        )
        for a in activities
    ]
    return _written(entries, method="CANCEL", house=house, now=now)


def feed(entries: Sequence[CalendarEntry], *, name: str, house: CalendarPublisher, now: datetime) -> bytes:
    """A calendar that a program fetches again and again."""
    return _written(entries, method="PUBLISH", house=house, now=now, name=name)


def _written(
    entries: Sequence[CalendarEntry], *, method: str, house: CalendarPublisher, now: datetime, name: str = ""
) -> bytes:
    from icalendar import Calendar  # imported here: processes that write no entries need not load it

    calendar = Calendar()
    calendar.add("prodid", "-//eventreg//eventreg//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT6H")
    for entry in entries:
        calendar.add_component(_event(entry, house=house, now=now))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(entry: CalendarEntry, *, house: CalendarPublisher, now: datetime) -> Event:
    """A calendar entry; a day without hours becomes an all-day entry."""
    from icalendar import Event

    event, activity = Event(), entry.activity
    event.add("uid", entry.uid(house.host))
    event.add("sequence", activity.sequence + entry.raised)
    event.add("dtstamp", now)
    event.add("organizer", _address(house.address, house.name))
    if entry.attendee:
        event.add("attendee", _address(entry.attendee))
    event.add("summary", f"{entry.title or activity.title} · {entry.campaign.title}")
    event.add("status", entry.status or STATUS[activity.schedule])
    if activity.place:
        event.add("location", activity.place)
    if activity.time_known:
        event.add("dtstart", activity.starts_at)
        event.add("dtend", activity.ends_at)
    else:
        event.add("dtstart", activity.starts_at.date())
        event.add("dtend", activity.starts_at.date() + timedelta(days=1))
    return event


def _address(address: str, name: str = "") -> vCalAddress:
    from icalendar import vCalAddress

    found = vCalAddress(f"mailto:{address}")
    if name:
        found.params["CN"] = name
    return found
