"""What a scanning phone shows about the holder of a ticket, only for its own campaign. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from eventreg.core.db.session import db
from eventreg.people.models import Person, Unit
from eventreg.registrations.models import Registration

from .models import Admission, Device


@dataclass(frozen=True, slots=True)
class ScanDisplay:
    """A name and a unit to compare with the person, the device that admitted them, and as which one at this point."""

    name: str
    unit: str
    door: str
    rank: int = 0


def displays_of(
    registration_ids: Iterable[int], *, campaign_id: int, check_point: str
) -> dict[int, ScanDisplay]:
    """What to show, by id of the registration; those of other campaigns are left out."""
    order = (Admission.at, Admission.registration_id)
    admitted = (
        select(
            Admission.registration_id,
            Admission.device_id,
            func.row_number().over(order_by=order).label("rank"),
        )
        .join(Registration, Registration.id == Admission.registration_id)
        .where(Admission.check_point == str(check_point), Registration.campaign_id == campaign_id)
        .subquery()
    )
    mine = (Registration.id.in_(set(registration_ids)), Registration.campaign_id == campaign_id)
    rows = (
        select(Registration.id, Person.name, Unit.name, Device.name, admitted.c.rank)
        .join(Person, Person.id == Registration.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(admitted, admitted.c.registration_id == Registration.id)
        .outerjoin(Device, Device.id == admitted.c.device_id)
        .where(*mine)
    )
    return {
        id_: ScanDisplay(name, unit, door or "", rank or 0)
        for id_, name, unit, door, rank in db.session.execute(rows)
    }
