"""Tickets: a token and a short code that only the key can make; the database holds their hashes.

The QR code holds the token. The short code is typed at a check point when the QR code cannot be read; it is accepted
only from a paired phone, for the campaign of that phone (ADR 8).
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from itertools import count

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from eventreg.core.db.session import db, run
from eventreg.core.keyring.keys import Keys, fingerprint_of, stamp

from .models import Registration, Ticket
from .rules import CODE_ALPHABET, CODE_LENGTH, TOKEN_LENGTH

FIRST_SERIAL = 1
# Built once: every receipt and every sign-up executes them.
IN_FORCE = (
    select(Ticket.serial, Ticket.token_hash, Ticket.code_hash, Registration.campaign_id)
    .join(Registration, Registration.id == Ticket.registration_id)
    .where(Ticket.registration_id == bindparam("registration"), Ticket.revoked_at.is_(None))
    .order_by(Ticket.serial.desc())
    .limit(1)
)
ISSUE = {
    kind.name: insert(Ticket).on_conflict_do_nothing(index_elements=[Ticket.code_hash]).returning(Ticket.id)
    for kind, insert in ((sqlite.dialect, sqlite.insert), (postgresql.dialect, postgresql.insert))
}
TURNS = 1000  # attempts to find a free short code; a second one is needed once in a million tickets


def token_of(registration_id: int, serial: int, *, key: bytes) -> str:
    """TOKEN = HMAC(ticket key, registration and serial), 22 characters of base64url."""
    return urlsafe_b64encode(stamp(key, registration_id, serial)).decode()[:TOKEN_LENGTH]


def code_of(registration_id: int, serial: int, turn: int, *, key: bytes) -> str:
    """A short code for a ticket, 40 bits of another HMAC; the next `turn` gives another one."""
    drawn = int.from_bytes(stamp(key, "short code", registration_id, serial, turn)[:5])
    return "".join(CODE_ALPHABET[drawn >> 5 * place & 31] for place in range(CODE_LENGTH))


def code_hash_of(code: str, campaign_id: int, *, key: bytes) -> bytes:
    """The stored hash of a short code. It is keyed, because 40 bits could be guessed otherwise, and covers the campaign."""
    return stamp(key, "short code of", campaign_id, code)


def code_hashes_of(code: str, campaign_id: int, *, keys: Keys) -> list[bytes]:
    """The hashes of a typed short code under each key that verifies, the current key first."""
    return [code_hash_of(code, campaign_id, key=key) for key in keys.good("tickets")]


def find_code_hash(code: str, campaign_id: int, *, keys: Keys) -> bytes:
    """The hash to look a typed code up by: that of its ticket, whichever key made it; for a wrong code any of them.

    With a single key the database is not queried.
    """
    hashes = code_hashes_of(code, campaign_id, keys=keys)
    if len(hashes) == 1:
        return hashes[0]
    known = db.session.scalar(select(Ticket.code_hash).where(Ticket.code_hash.in_(hashes)).limit(1))
    return known or hashes[0]


def find_hash_of_arrival(arrival: int, campaign_id: int) -> bytes | None:
    """The hash of the newest ticket of the registration with this number in the campaign; None if it never had one."""
    mine = (Registration.campaign_id == campaign_id, Registration.arrival == arrival)
    rows = (
        select(Ticket.token_hash).join(Registration, Registration.id == Ticket.registration_id).where(*mine)
    )
    return db.session.scalar(rows.order_by(Ticket.serial.desc()).limit(1))


def find_key(registration_id: int, serial: int, token_hash: bytes, *, keys: Keys) -> bytes | None:
    """The key that made a stored ticket, found by comparing hashes; None when that key is retired."""
    fits = (key for key in keys.good("tickets") if is_made_by(key, registration_id, serial, token_hash))
    return next(fits, None)


def is_made_by(key: bytes, registration_id: int, serial: int, token_hash: bytes) -> bool:
    """Whether this key made a stored ticket."""
    return compare_digest(fingerprint_of(token_of(registration_id, serial, key=key)), token_hash)


def issue(
    registration_id: int, campaign_id: int, *, serial: int = FIRST_SERIAL, keys: Keys, now: datetime
) -> None:
    """Issue a registration's ticket with this serial, with a short code that is unused in the campaign."""
    key = keys.tickets
    token = token_of(registration_id, serial, key=key)
    for turn in count():
        code = code_of(registration_id, serial, turn, key=key)
        row = {
            "registration_id": registration_id,
            "serial": serial,
            "token_hash": fingerprint_of(token),
            "code_hash": code_hash_of(code, campaign_id, key=key),
            "issued_at": now,
        }
        if run(ISSUE[db.engine.dialect.name], row).scalar() is not None:
            return


def give_codes(*, keys: Keys) -> int:
    """Give short codes to tickets of older versions that have none; returns how many. Changes no other row."""
    columns = (Ticket.id, Ticket.registration_id, Ticket.serial, Ticket.token_hash, Registration.campaign_id)
    old = select(*columns)
    rows = db.session.execute(
        old.join(Registration).where(Ticket.code_hash.is_(None)).order_by(Ticket.id)
    ).all()
    if not rows:
        return 0
    held = select(Ticket.code_hash).where(Ticket.code_hash.is_not(None))
    taken, given = set(db.session.scalars(held)), []
    for id_, registration_id, serial, token_hash, campaign_id in rows:
        key = find_key(registration_id, serial, token_hash, keys=keys)
        if key is None:
            continue
        codes = (code_of(registration_id, serial, turn, key=key) for turn in count())
        hashes = (code_hash_of(code, campaign_id, key=key) for code in codes)
        code_hash = next(found for found in hashes if found not in taken)
        taken.add(code_hash)
        given.append({"ticket": id_, "given": code_hash})
    table = Ticket.metadata.tables[Ticket.__tablename__]
    change = update(table).where(table.c.id == bindparam("ticket")).values(code_hash=bindparam("given"))
    db.session.connection().execute(change, given)
    return len(given)


def revoke(registration_id: int, *, now: datetime) -> None:
    """Revoke all tickets of a registration."""
    good = (Ticket.registration_id == registration_id, Ticket.revoked_at.is_(None))
    db.session.execute(update(Ticket).where(*good).values(revoked_at=now))


def last_serial(registration_id: int) -> int:
    """The highest serial that a registration's tickets had; one below the first if there was none."""
    last = select(func.max(Ticket.serial)).where(Ticket.registration_id == registration_id)
    found = db.session.scalar(last)
    return FIRST_SERIAL - 1 if found is None else found


def was_issued(registration_id: int) -> bool:
    """Whether a registration ever had a ticket; one that only waited had none."""
    query = select(Ticket.id).where(Ticket.registration_id == registration_id).limit(1)
    return db.session.scalar(query) is not None


@dataclass(frozen=True, slots=True)
class HeldTicket:
    """A valid ticket as its holder has it: the text of the QR code, and the short code that can be read out."""

    token: str
    code: str | None


@dataclass(frozen=True, slots=True)
class StoredTicket:
    """A valid ticket as it is stored: its serial, and the hashes of token and short code."""

    serial: int
    token_hash: bytes
    code_hash: bytes | None


def find_held(registration_id: int, *, keys: Keys) -> HeldTicket | None:
    """The valid ticket of a registration, computed again from its key; None if there is none or its key is retired."""
    row = run(IN_FORCE, {"registration": registration_id}).one_or_none()
    if row is None:
        return None
    issued = StoredTicket(row.serial, row.token_hash, row.code_hash)
    return made_again(registration_id, row.campaign_id, issued, keys=keys)


def made_again(
    registration_id: int, campaign_id: int, issued: StoredTicket, *, keys: Keys
) -> HeldTicket | None:
    """The token and the short code of a stored ticket, computed again from its key; None when that key is retired."""
    code, serial = None, issued.serial
    key = find_key(registration_id, serial, issued.token_hash, keys=keys)
    if key is None:
        return None
    if issued.code_hash is not None:
        codes = (code_of(registration_id, serial, turn, key=key) for turn in range(TURNS))
        hashed = ((code, code_hash_of(code, campaign_id, key=key)) for code in codes)
        code = next((code for code, its_hash in hashed if its_hash == issued.code_hash), None)
    return HeldTicket(token_of(registration_id, serial, key=key), code)


def find_token(registration_id: int, *, keys: Keys) -> str | None:
    """The token of the ticket in force; None when there is none."""
    held = find_held(registration_id, keys=keys)
    return held.token if held else None


def find_code(registration_id: int, *, keys: Keys) -> str | None:
    """The short code of the ticket in force; None when there is none."""
    held = find_held(registration_id, keys=keys)
    return held.code if held else None


def find_registration(token: str) -> int | None:
    """The registration of a valid ticket's token; None for wrong, revoked and unknown ones alike. Takes no short codes."""
    if len(token) != TOKEN_LENGTH:
        return None
    good = (Ticket.token_hash == fingerprint_of(token), Ticket.revoked_at.is_(None))
    return db.session.scalar(select(Ticket.registration_id).where(*good))
