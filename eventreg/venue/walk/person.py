"""All that was read and corrected of one person's walk. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound
from eventreg.people.models import Person, Unit
from eventreg.registrations.models import Registration
from eventreg.venue.models import Device, Scan

from .day import list_bursts, own_day, results_of
from .models import TimeFix, WalkNote
from .readings import read_day
from .results import hike_of
from .rules import WalkNoteKind, WalkResult


@dataclass(frozen=True, slots=True)
class PersonReading:
    """A scan with the tap that it was matched with. `doubt` says that the phone's clock was doubtful."""

    check_point: str
    at: datetime
    received_at: datetime
    door: str
    verdict: str
    doubt: bool
    tapped_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonFix:
    """A correction; `at` None says that what was read before it does not count."""

    id: int
    check_point: str
    at: datetime | None
    reason: str
    made_at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonWalk:
    """One person's walk; `result` None if they did not start."""

    registration_id: int
    name: str
    unit: str
    result: WalkResult | None
    note: WalkNoteKind | None
    note_text: str
    readings: tuple[PersonReading, ...]
    fixes: tuple[PersonFix, ...]


def read_person(campaign: CampaignFacts, activity: ActivityFacts, registration_id: int) -> PersonWalk:
    """Everything about one person, by time. Raises NotFound for a registration of another campaign."""
    rows = select(Person.name, Unit.name).select_from(Registration)
    joined = rows.join(Person, Person.id == Registration.person_id).join(Unit, Unit.id == Person.unit_id)
    mine = (Registration.id == registration_id, Registration.campaign_id == campaign.id)
    person = db.session.execute(joined.where(*mine)).one_or_none()
    if person is None:
        raise NotFound("registration")
    day = own_day(read_day(campaign, activity))
    tapped = {
        scan.id: tap.at
        for burst in list_bursts(day)
        if burst.even
        for tap, scan in zip(burst.taps, burst.scans, strict=True)
    }
    noted = select(WalkNote.note).where(
        WalkNote.activity_id == activity.id, WalkNote.registration_id == registration_id
    )
    return PersonWalk(
        registration_id,
        person[0],
        person[1],
        results_of(day, hike_of(activity)).get(registration_id),
        day.notes.get(registration_id),
        db.session.scalar(noted) or "",
        _readings(registration_id, tapped),
        _fixes(registration_id),
    )


def _readings(registration_id: int, tapped: dict[int, datetime]) -> tuple[PersonReading, ...]:
    columns = (Scan.id, Scan.check_point, Scan.at, Scan.received_at, Device.name, Scan.verdict, Scan.doubt)
    rows = select(*columns).join(Device, Device.id == Scan.device_id)
    found = db.session.execute(rows.where(Scan.registration_id == registration_id).order_by(Scan.at, Scan.id))
    return tuple(
        PersonReading(point, at, received_at, door, verdict, doubt, tapped.get(id_))
        for id_, point, at, received_at, door, verdict, doubt in found
    )


def _fixes(registration_id: int) -> tuple[PersonFix, ...]:
    columns = (
        TimeFix.id,
        TimeFix.check_point,
        TimeFix.at,
        TimeFix.reason,
        TimeFix.made_at,
        TimeFix.undone_at,
    )
    rows = select(*columns).where(TimeFix.registration_id == registration_id)
    return tuple(PersonFix(*row) for row in db.session.execute(rows.order_by(TimeFix.made_at, TimeFix.id)))
