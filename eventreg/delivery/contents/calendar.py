"""Calendar entries: one for each activity of a registration, with a UID that never changes (RFC 5545, 5546; ADR 42).

PUBLISH sends entries, CANCEL removes them; a mail has one file for each activity. The SEQUENCE of a UID never goes down: it is the activity's, and one more in
the CANCEL of a withdrawn registration, after which that UID is not used again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING

from flask import current_app

from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.campaigns.rules import ScheduleState
from eventreg.config import Settings

from .content import CalendarFile

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
    """The publisher of the entries: the installation's id in their UIDs, and the ORGANIZER that RFC 5546 requires."""

    uid: str
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

    def uid(self, installation: str) -> str:
        """The UID, which is the same in mails, files and feeds and never changes."""
        owner = f"registration-{self.registration_id}-" if self.registration_id is not None else ""
        return f"{owner}activity-{self.activity.id}@{installation}"


def house() -> CalendarPublisher:
    """The publisher of this installation: its stored id, and the mail sender of the settings."""
    settings: Settings = current_app.extensions["eventreg.settings"]
    name, address = parseaddr(settings.mail_from)
    return CalendarPublisher(current_app.extensions["eventreg.installation"], name, address)


def held(campaign: CampaignFacts) -> list[ActivityFacts]:
    """The activities that are not called off: only these go into the calendar of somebody who gets a place."""
    return [a for a in campaign.activities if a.schedule is not ScheduleState.CANCELLED]


def publish(
    campaign: CampaignFacts,
    activities: Iterable[ActivityFacts],
    registration_id: int,
    *,
    house: CalendarPublisher,
    now: datetime,
) -> tuple[CalendarFile, ...]:
    """A PUBLISH for each of these activities.

    One file with several entries opens as a new calendar in Outlook, and not in the reader's own.
    """
    entries = [CalendarEntry(campaign, activity, registration_id) for activity in activities]
    return _files(entries, method="PUBLISH", house=house, now=now)


def cancel(
    campaign: CampaignFacts,
    activities: Iterable[ActivityFacts],
    registration_id: int,
    *,
    attendee: str,
    house: CalendarPublisher,
    now: datetime,
    given_up: bool,
) -> tuple[CalendarFile, ...]:
    """A CANCEL for each of these activities for one person, because they are called off or the registration ended.

    All entries of a CANCEL must have the same UID (RFC 5546 3.2.5).
    """
    entries = [
        CalendarEntry(
            campaign, a, registration_id, status="CANCELLED", raised=int(given_up), attendee=attendee
        )
        for a in activities
    ]
    return _files(entries, method="CANCEL", house=house, now=now)


def download(
    campaign: CampaignFacts, registration_id: int, *, house: CalendarPublisher, now: datetime
) -> bytes:
    """The file that the page of a registration offers: its activities that are not called off, all in one file.

    It has no METHOD: it is a copy that the reader imports and not a message of a scheduling protocol (RFC 5545 3.7.2), so
    several entries may stand in it. If all activities are called off, they stand in it as cancelled.
    """
    activities = held(campaign) or campaign.activities
    entries = [CalendarEntry(campaign, activity, registration_id) for activity in activities]
    return _written(entries, method="", house=house, now=now)


def feed(entries: Sequence[CalendarEntry], *, name: str, house: CalendarPublisher, now: datetime) -> bytes:
    """A calendar that a program fetches again and again."""
    return _written(entries, method="PUBLISH", house=house, now=now, name=name)


def _files(
    entries: Iterable[CalendarEntry], *, method: str, house: CalendarPublisher, now: datetime
) -> tuple[CalendarFile, ...]:
    return tuple(CalendarFile(method, _written([e], method=method, house=house, now=now)) for e in entries)


def _written(
    entries: Sequence[CalendarEntry], *, method: str, house: CalendarPublisher, now: datetime, name: str = ""
) -> bytes:
    from icalendar import Calendar  # imported here: processes that write no entries need not load it

    calendar = Calendar()
    calendar.add("prodid", "-//eventreg//eventreg//ZH")
    calendar.add("version", "2.0")
    if method:
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
    event.add("uid", entry.uid(house.uid))
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
