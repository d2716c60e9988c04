"""Calendar entries: one for each activity of a registration, with a UID that never changes (RFC 5545, 5546).

PUBLISH says what is so, CANCEL takes entries out again. SEQUENCE of one UID never goes down: it is the
activity's own, and one more in the CANCEL of a registration that was given up, after which that UID says nothing.
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
    """An activity in somebody's calendar; `registration_id` None is an organiser's view of it.

    `status` in place of the schedule's own, for who only waits; `raised` is added to the SEQUENCE.
    """

    campaign: CampaignFacts
    activity: ActivityFacts
    registration_id: int | None = None
    title: str = ""
    status: str = ""
    raised: int = 0
    attendee: str = ""

    def uid(self, host: str) -> str:
        """The same for ever, in mails, files and feeds."""
        hers = f"registration-{self.registration_id}-" if self.registration_id is not None else ""
        return f"{hers}activity-{self.activity.id}@{host}"


def house(base_url: str, mail_from: str) -> CalendarPublisher:
    """From the settings: our address, and the sender of our mails."""
    name, address = parseaddr(mail_from)
    return CalendarPublisher(urlsplit(base_url).hostname or "localhost", name, address)


def ics(campaign: CampaignFacts, registration_id: int, *, house: CalendarPublisher, now: datetime) -> bytes:
    """The .ics of one registration: everything as it is now."""
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
    """Takes these activities out of one person's calendar: called off, or her registration given up."""
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
    from icalendar import Calendar  # here and below: who writes no entry need not load it

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
    """A day without an hour is an all-day entry."""
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
