"""Where a phone showed something else than the server answered later. Both scans are kept; nothing is decided here. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from eventreg.core.db.session import db
from eventreg.people.models import Person, Unit
from eventreg.registrations.models import Registration
from eventreg.venue.models import Device, Scan
from eventreg.venue.rules import ScanVerdict

from .let_in import RELEASED, Shown
from .models import LetIn

MOST = 500


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something to look at. `kind` is "twice" (one ticket at several phones), "refused" (let through, then refused) or
    "released" (let through although the ticket had been read before).

    `scans` are the times of all scans of the ticket at this check point with their phones; `answered` is the code of a
    refusal. `device_id` and `nonce` name the row of `let_in`; `off_at`
    says since when they are accounted for.
    """

    kind: str
    check_point: str
    scans: tuple[tuple[datetime, str], ...]
    name: str = ""
    staff_no: str = ""
    unit: str = ""
    shown: str = ""
    answered: str = ""
    device_id: int = 0
    nonce: str = ""
    off_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Face:
    name: str
    staff_no: str
    unit: str


NOBODY = _Face("", "", "")


def list_of(campaign_id: int, *, device_id: int | None = None) -> list[Conflict]:
    """The conflicts of a campaign, at most 500 of each kind; with a device, those in which it took part,
    without those that its own volunteer decided."""
    refused = _refused(campaign_id, device_id)
    released = _released(campaign_id) if device_id is None else []
    return [*refused, *_twice(campaign_id, device_id), *released]


def _released(campaign_id: int) -> list[Conflict]:
    """Tickets that had been read before, whose holders were compared and let through."""
    rows = (
        select(Scan.registration_id, Scan.check_point, Scan.at, Device.name)
        .join(Device, Device.id == Scan.device_id)
        .where(
            Device.campaign_id == campaign_id,
            Scan.shown == RELEASED,
            Scan.verdict == str(ScanVerdict.REPEATED),
        )
        .order_by(Scan.at, Scan.id)
        .limit(MOST)
    )
    kept = [(id_, point, at, door) for id_, point, at, door in db.session.execute(rows) if id_ is not None]
    faces = _faces({id_ for id_, _point, _at, _door in kept})
    return [
        Conflict("released", point, ((at, door),), face.name, face.staff_no, face.unit)
        for id_, point, at, door in kept
        for face in [faces.get(id_, NOBODY)]
    ]


def _twice(campaign_id: int, device_id: int | None) -> list[Conflict]:
    """Tickets that a phone without a network showed green although another phone had read them too."""
    found: dict[tuple[int, str], list[tuple[datetime, str]]] = {}
    devices: dict[tuple[int, str], set[int]] = {}
    here = aliased(Scan)
    again = (
        select(here.registration_id, here.check_point)
        .join(Registration, Registration.id == here.registration_id)
        .where(
            Registration.campaign_id == campaign_id,
            here.verdict == str(ScanVerdict.REPEATED),
            here.shown == str(Shown.GREEN),
        )
        .distinct()
        .limit(MOST)
        .subquery()
    )
    rows = (
        select(Scan.registration_id, Scan.check_point, Scan.at, Device.name, Scan.device_id)
        .join(Device, Device.id == Scan.device_id)
        .join(
            again,
            (again.c.registration_id == Scan.registration_id) & (again.c.check_point == Scan.check_point),
        )
        .where(Scan.verdict != str(ScanVerdict.REFUSED))
        .order_by(Scan.at, Scan.id)
    )
    for registration_id, point, at, door, device in db.session.execute(rows):
        if registration_id is None:
            continue
        found.setdefault((registration_id, point), []).append((at, door))
        devices.setdefault((registration_id, point), set()).add(device)
    mine = {key: scans for key, scans in found.items() if device_id is None or device_id in devices[key]}
    faces = _faces({key[0] for key in mine})
    return [
        Conflict("twice", point, tuple(scans), face.name, face.staff_no, face.unit)
        for (id_, point), scans in mine.items()
        for face in [faces.get(id_, NOBODY)]
    ]


def _refused(campaign_id: int, device_id: int | None) -> list[Conflict]:
    """Whom a phone let through and the server refused."""
    rows = select(LetIn, Device.name).join(Device, Device.id == LetIn.device_id)
    rows = rows.where(LetIn.campaign_id == campaign_id)
    if device_id is not None:
        rows = rows.where(LetIn.device_id == device_id)
    kept = db.session.execute(rows.order_by(LetIn.at, LetIn.nonce).limit(MOST)).all()
    faces = _faces({row.registration_id for row, _door in kept if row.registration_id is not None})
    by_number = _by_staff_no({row.staff_no for row, _door in kept if row.staff_no})
    return [
        Conflict(
            "refused",
            row.check_point,
            ((row.at, door),),
            face.name,
            face.staff_no or row.staff_no or "",
            face.unit,
            row.shown,
            row.answered,
            row.device_id,
            row.nonce,
            row.off_at,
        )
        for row, door in kept
        for face in [faces.get(row.registration_id or 0) or by_number.get(row.staff_no or "") or NOBODY]
    ]


def _faces(registration_ids: Iterable[int]) -> Mapping[int, _Face]:
    rows = (
        select(Registration.id, Person.name, Person.staff_no, Unit.name)
        .join(Person, Person.id == Registration.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Registration.id.in_(list(registration_ids)))
    )
    return {id_: _Face(name, staff_no, unit) for id_, name, staff_no, unit in db.session.execute(rows)}


def _by_staff_no(staff_nos: Iterable[str]) -> Mapping[str, _Face]:
    rows = (
        select(Person.staff_no, Person.name, Unit.name)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Person.staff_no.in_(list(staff_nos)))
    )
    return {number: _Face(name, number, unit) for number, name, unit in db.session.execute(rows)}
