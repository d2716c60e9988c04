"""Replace a ticket that somebody else may have: a new serial, the old hash revoked, a letter to the holder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from eventreg.campaigns import service as campaigns
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.people.models import Person

from . import access, letters, participants, seating, tickets
from .models import Registration, Ticket
from .rules import RegistrationState


def find_serial(registration_id: int) -> int | None:
    """The serial of the ticket in force; None when there is none."""
    mine = (Ticket.registration_id == registration_id, Ticket.revoked_at.is_(None))
    return db.session.scalar(select(func.max(Ticket.serial)).where(*mine))


@dataclass(frozen=True, slots=True)
class ValidTicket:
    """A ticket that is in force now, and its holder."""

    serial: int
    issued_at: datetime
    arrival: int
    name: str
    has_mail: bool


def get_in_force(registration_id: int, campaign_id: int) -> ValidTicket:
    """The ticket of a registration in this campaign; raises NotFound where there is none."""
    row = db.session.execute(
        select(Ticket.serial, Ticket.issued_at, Registration.arrival, Person.name, Person.email)
        .join(Registration, Registration.id == Ticket.registration_id)
        .join(Person, Person.id == Registration.person_id)
        .where(access.in_campaign(registration_id, campaign_id))
        .where(Ticket.revoked_at.is_(None), Registration.state == RegistrationState.SEATED)
        .order_by(Ticket.serial.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFound("ticket")
    return ValidTicket(row.serial, row.issued_at, row.arrival, row.name, bool(row.email))


def list_seated(campaign_id: int) -> list[int]:
    """The registrations of a campaign that have a ticket, by arrival."""
    mine = (Registration.campaign_id == campaign_id, Registration.state == RegistrationState.SEATED)
    return list(db.session.scalars(select(Registration.id).where(*mine).order_by(Registration.arrival)))


def find_campaign_of(registration_id: int) -> int:
    """The campaign of a registration; raises NotFound."""
    found = db.session.scalar(select(Registration.campaign_id).where(Registration.id == registration_id))
    if found is None:
        raise NotFound("registration")
    return found


def reissue(registration_id: int, campaign_id: int, *, seen: int | None, actor: Actor) -> bool:
    """Issue a new ticket and send its holder a letter; the old ticket is refused from now on.

    `seen` is the serial that the page showed, None for any. Returns False when that ticket was replaced meanwhile (a
    button pressed twice). Raises NotFound for a registration of another campaign, Refused("reissue.no_ticket") for one
    without a place.
    """
    campaigns.lock_window(campaign_id)
    registration = db.session.get(Registration, registration_id, populate_existing=True)
    if registration is None or registration.campaign_id != campaign_id:
        raise NotFound("registration")
    before = find_serial(registration_id)
    if registration.state != RegistrationState.SEATED or before is None:
        raise Refused("reissue.no_ticket")
    if seen is not None and seen != before:
        return False
    serial = before + 1
    tickets.revoke(registration_id, now=actor.now)
    tickets.issue(registration_id, campaign_id, serial=serial, keys=actor.keys, now=actor.now)
    recipient = participants.get_applicant(registration.person_id).recipient
    letters.post_new_ticket(recipient, registration, serial=serial, now=actor.now)
    seating.record("ticket_reissued", registration, actor=actor, serial=serial)
    return True
