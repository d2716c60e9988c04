"""The people who may come in, as phones store them for times without a network: hashes of tickets, no tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from eventreg.core.db.session import db
from eventreg.people.models import Person
from eventreg.registrations.models import Registration, Ticket
from eventreg.registrations.rules import RegistrationState, masked_name

from .models import Admission


@dataclass(frozen=True, slots=True)
class ExpectedPerson:
    """A person with a ticket in force: SHA-256 of its token, masked name, and when they were let in where."""

    arrival: int
    ticket_sha256: str
    name: str
    admitted: dict[str, datetime]


def list_expected(campaign_id: int, *, after: int, most: int) -> list[ExpectedPerson]:
    """Seated people after an arrival number, by arrival number, with the check points they passed; two statements."""
    rows = db.session.execute(
        select(Registration.id, Registration.arrival, Ticket.token_hash, Person.name)
        .join(Ticket, Ticket.registration_id == Registration.id)
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.campaign_id == campaign_id, Registration.state == RegistrationState.SEATED)
        .where(Ticket.revoked_at.is_(None), Registration.arrival > after)
        .order_by(Registration.arrival)
        .limit(most)
    ).all()
    passed: dict[int, dict[str, datetime]] = {}
    seen = select(Admission).where(Admission.registration_id.in_([row[0] for row in rows]))
    for one in db.session.scalars(seen.execution_options(populate_existing=True)):
        passed.setdefault(one.registration_id, {})[one.check_point] = one.at
    return [
        ExpectedPerson(arrival, token_hash.hex(), masked_name(name), passed.get(id_, {}))
        for id_, arrival, token_hash, name in rows
    ]
