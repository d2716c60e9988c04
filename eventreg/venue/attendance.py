"""Who came, when and at which check point, as organisers see it. Reads only.

The first admission of a registration at a check point counts, on whichever day it was: people who tried their tickets
out beforehand are listed with that day. The caller has checked that the visitor may see the campaign.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import distinct, exists, func, select

from eventreg.campaigns.kinds import CheckPoint
from eventreg.core.db.session import db
from eventreg.registrations.models import Registration
from eventreg.registrations.roster import RosterFilter
from eventreg.registrations.rules import RegistrationState

from .models import Admission, Device, Scan
from .rules import ScanVerdict

SCANS_MOST = 100


class Attendance(StrEnum):
    """What the roster can be filtered by."""

    PRESENT = "present"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Visit:
    """A person's first admission at a check point; `door` is the name of the phone or system that scanned."""

    check_point: CheckPoint
    at: datetime
    door: str


@dataclass(frozen=True, slots=True)
class AttendanceCount:
    """How many people who have a place came, and how many have one. Nobody is counted twice over several check points."""

    present: int = 0
    seated: int = 0


@dataclass(frozen=True, slots=True)
class ScanRecord:
    """One stored scan of a registration's ticket, whatever its verdict."""

    check_point: CheckPoint
    verdict: ScanVerdict
    reason: str | None
    at: datetime
    door: str


def narrowed(wanted: RosterFilter, attendance: Attendance | None) -> RosterFilter:
    """The filter, narrowed to people with a place who came, or who did not."""
    if attendance is None:
        return wanted
    came = exists().where(Admission.registration_id == Registration.id)
    seated = Registration.state == RegistrationState.SEATED
    return replace(wanted, condition=seated & (came if attendance is Attendance.PRESENT else ~came))


def list_visits(registration_ids: Collection[int]) -> dict[int, tuple[Visit, ...]]:
    """The admissions of registrations, by id and in order of time; one statement."""
    rows = (
        select(Admission.registration_id, Admission.check_point, Admission.at, Device.name)
        .join(Device, Device.id == Admission.device_id)
        .where(Admission.registration_id.in_(registration_ids))
        .order_by(Admission.at, Admission.check_point)
    )
    found: dict[int, tuple[Visit, ...]] = {}
    for id_, point, at, door in db.session.execute(rows):
        found[id_] = (*found.get(id_, ()), Visit(CheckPoint(point), at, door))
    return found


def list_check_points(campaign_id: int) -> set[CheckPoint]:
    """The check points at which somebody of the campaign was admitted."""
    rows = select(Admission.check_point).join(Registration).where(Registration.campaign_id == campaign_id)
    return {CheckPoint(point) for point in db.session.scalars(rows.distinct())}


def count_people(campaign_ids: Collection[int]) -> Mapping[int, AttendanceCount]:
    """How many came, by campaign; a campaign in which nobody has a place is left out. One statement."""
    came = exists().where(Admission.registration_id == Registration.id)
    person = distinct(Registration.person_id)
    rows = (
        select(Registration.campaign_id, func.count(person).filter(came), func.count(person))
        .where(Registration.campaign_id.in_(campaign_ids), Registration.state == RegistrationState.SEATED)
        .group_by(Registration.campaign_id)
    )
    return {id_: AttendanceCount(present, seated) for id_, present, seated in db.session.execute(rows)}


def list_scans(registration_id: int) -> list[ScanRecord]:
    """The scans of a registration's tickets, the newest first, 100 at most."""
    rows = (
        select(Scan.check_point, Scan.verdict, Scan.reason, Scan.scanned_at, Device.name)
        .join(Device, Device.id == Scan.device_id)
        .where(Scan.registration_id == registration_id)
        .order_by(Scan.scanned_at.desc(), Scan.id.desc())
        .limit(SCANS_MOST)
    )
    return [
        ScanRecord(CheckPoint(point), ScanVerdict(verdict), reason, at, door)
        for point, verdict, reason, at, door in db.session.execute(rows)
    ]
