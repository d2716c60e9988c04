"""Who stands behind a scan: for the phone at the door of that campaign, and nobody else. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import and_, select

from eventreg.core.db import db
from eventreg.people.models import Person, Unit
from eventreg.registrations.models import Registration

from .models import Admission, Device
from .rules import CheckPoint


@dataclass(frozen=True, slots=True)
class Face:
    """A name and a unit to compare with the person, and the door where she was counted."""

    name: str
    unit: str
    door: str


def faces_of(
    registration_ids: Iterable[int], *, campaign_id: int, check_point: CheckPoint
) -> dict[int, Face]:
    """By registration; another campaign's are left out."""
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
    return {id_: Face(name, unit, door or "") for id_, name, unit, door in db.session.execute(rows)}
