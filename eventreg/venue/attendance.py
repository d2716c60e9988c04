"""Who came, when and at which check point, as organisers see it. Reads only.

The first admission of a registration at a check point counts, on whichever day it was: people who tried their tickets
out beforehand are listed with that day. The caller has checked that the visitor may see the campaign.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, distinct, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute

from eventreg.campaigns.check_points.models import CheckPoint
from eventreg.core.db.session import db
from eventreg.registrations.models import Registration
from eventreg.registrations.roster import RosterFilter
from eventreg.registrations.rules import RegistrationState

from .models import Admission, Device, Scan
from .rules import ScanVerdict
from .walk.models import TimeFix

SCANS_MOST = 100


class Attendance(StrEnum):
    """What the roster can be filtered by."""

    PRESENT = "present"
    MISSING = "missing"


# Whether an organiser declared an admission a try.
TRIED = exists().where(
    TimeFix.registration_id == Admission.registration_id,
    TimeFix.check_point == Admission.check_point,
    TimeFix.at.is_(None),
    TimeFix.undone_at.is_(None),
    TimeFix.made_at >= Admission.at,
)


@dataclass(frozen=True, slots=True)
class Visit:
    """A person's first admission at a check point; `door` is the name of the phone or system that scanned.

    `point_name` is "" for door, start and finish.
    """

    check_point: str
    at: datetime
    door: str
    point_name: str = ""


@dataclass(frozen=True, slots=True)
class AttendanceCount:
    """How many people who have a place came, and how many have one. Nobody is counted twice over several check points."""

    present: int = 0
    seated: int = 0


@dataclass(frozen=True, slots=True)
class ScanRecord:
    """One stored scan of a registration's ticket, whatever its verdict."""

    check_point: str
    verdict: ScanVerdict
    reason: str | None
    at: datetime
    door: str
    point_name: str = ""


def narrowed(wanted: RosterFilter, attendance: Attendance | None) -> RosterFilter:
    """The filter, narrowed to people with a place who came, or who did not."""
    if attendance is None:
        return wanted
    came = _came()
    seated = Registration.state == RegistrationState.SEATED
    return replace(wanted, condition=seated & (came if attendance is Attendance.PRESENT else ~came))


def _came() -> ColumnElement[bool]:
    """Whether a registration was admitted anywhere, by a scan that no organiser declared a try."""
    return exists().where(Admission.registration_id == Registration.id, ~TRIED)


def list_visits(registration_ids: Collection[int]) -> dict[int, tuple[Visit, ...]]:
    """The admissions of registrations, by id and in order of time; one statement."""
    rows = (
        select(Admission.registration_id, Admission.check_point, Admission.at, Device.name, CheckPoint.name)
        .join(Device, Device.id == Admission.device_id)
        .join(Registration, Registration.id == Admission.registration_id)
        .outerjoin(CheckPoint, _is_point(Admission.check_point))
        .where(Admission.registration_id.in_(registration_ids))
        .order_by(Admission.at, Admission.check_point)
    )
    found: dict[int, tuple[Visit, ...]] = {}
    for id_, point, at, door, name in db.session.execute(rows):
        found[id_] = (*found.get(id_, ()), Visit(point, at, door, name or ""))
    return found


def _is_point(code: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Joins the check point of a registration's campaign."""
    return and_(CheckPoint.campaign_id == Registration.campaign_id, CheckPoint.code == code)


def count_people(campaign_ids: Collection[int]) -> Mapping[int, AttendanceCount]:
    """How many came, by campaign; a campaign in which nobody has a place is left out. One statement."""
    came = _came()
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
        select(Scan.check_point, Scan.verdict, Scan.reason, Scan.at, Device.name, CheckPoint.name)
        .join(Device, Device.id == Scan.device_id)
        .join(Registration, Registration.id == Scan.registration_id)
        .outerjoin(CheckPoint, _is_point(Scan.check_point))
        .where(Scan.registration_id == registration_id)
        .order_by(Scan.at.desc(), Scan.id.desc())
        .limit(SCANS_MOST)
    )
    return [
        ScanRecord(point, ScanVerdict(verdict), reason, at, door, name or "")
        for point, verdict, reason, at, door, name in db.session.execute(rows)
    ]
