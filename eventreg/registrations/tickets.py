"""Tickets: a token that only the key can make, of which the database holds the hash."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from eventreg.core.db import add_row, db, run
from eventreg.core.keys import Keys, fingerprint_of, stamp

from .models import Ticket

FIRST_SERIAL = 1
IN_FORCE = select(func.max(Ticket.serial)).where(
    Ticket.registration_id == bindparam("registration"), Ticket.revoked_at.is_(None)
)
TOKEN_LENGTH = 22  # base64url characters: 132 bits of the HMAC


def token_of(registration_id: int, serial: int, *, keys: Keys) -> str:
    """TOKEN = HMAC(ticket key, registration and serial), 22 characters of base64url."""
    return urlsafe_b64encode(stamp(keys.tickets, registration_id, serial)).decode()[:TOKEN_LENGTH]


def issue(registration_id: int, *, serial: int = FIRST_SERIAL, keys: Keys, now: datetime) -> None:
    """Give a registration its ticket with this serial."""
    token = token_of(registration_id, serial, keys=keys)
    add_row(
        Ticket,
        registration_id=registration_id,
        serial=serial,
        token_hash=fingerprint_of(token),
        issued_at=now,
    )


def revoke(registration_id: int, *, now: datetime) -> None:
    """Make every ticket of a registration worthless."""
    good = (Ticket.registration_id == registration_id, Ticket.revoked_at.is_(None))
    db.session.execute(update(Ticket).where(*good).values(revoked_at=now))


def find_token(registration_id: int, *, keys: Keys) -> str | None:
    """The token of the ticket in force, made again from the key; None when there is none."""
    serial = run(IN_FORCE, {"registration": registration_id}).scalar()
    return None if serial is None else token_of(registration_id, serial, keys=keys)


def find_registration(token: str) -> int | None:
    """The registration of a ticket in force; wrong, revoked and unknown answer alike."""
    if len(token) != TOKEN_LENGTH:
        return None
    good = (Ticket.token_hash == fingerprint_of(token), Ticket.revoked_at.is_(None))
    return db.session.scalar(select(Ticket.registration_id).where(*good))
