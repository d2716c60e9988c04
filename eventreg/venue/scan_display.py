"""What a scanning phone shows about the holder of a ticket, only for its own campaign. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import and_, select

from eventreg.core.db.session import db
from eventreg.people.models import Person, Unit
from eventreg.registrations.models import Registration

from .models import Admission, Device


@dataclass(frozen=True, slots=True)
class ScanDisplay:
    """A name and a unit to compare with the person, and the device that admitted them."""

    name: str
    unit: str
    door: str


def displays_of(
    registration_ids: Iterable[int], *, campaign_id: int, check_point: str
) -> dict[int, ScanDisplay]:
    """What to show, by id of the registration; those of other campaigns are left out."""
    here = and_(Admission.registration_id == Registration.id, Admission.check_point == str(check_point))
    mine = (Registration.id.in_(set(registration_ids)), Registration.campaign_id == campaign_id)
    rows = (
        select(Registration.id, Person.name, Unit.name, Device.name)
        .join(Person, Person.id == Registration.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(Admission, here)
        .outerjoin(Device, Device.id == Admission.device_id)
        .where(*mine)
    )
    return {id_: ScanDisplay(name, unit, door or "") for id_, name, unit, door in db.session.execute(rows)}
