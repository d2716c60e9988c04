"""Committed audit rows are sealed into a chain under a key that is not in the database (ADR 35).

Seal number n is a MAC over n, the seal before it, and the number and MAC of one row. So a row that was removed,
moved or exchanged after its seal is found out. Seals are numbered without a gap; the numbers of rows may have
gaps, for a transaction that failed on PostgreSQL leaves its number unused.

Rows from before rows had MACs were sealed by a chain of plain hashes. Those seals stay as they are; the pin,
a MAC over the last of them, is made once, at the first start of this version.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update

from eventreg.core.db.session import db
from eventreg.core.keyring.installation import Installation, one_at_a_time
from eventreg.core.keyring.keys import keys_in_use, stamp

from .audit import AuditEntry, AuditSeal, is_ours
from .trail_rows import read_rows

log = logging.getLogger("eventreg.audit")

NOTHING = b""  # stands before the first seal


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The last seal: its number, which is the number of all seals, and its hash."""

    count: int
    hash: bytes

    @property
    def text(self) -> str:
        """As letters and `flask audit verify` give it: COUNT:HASH, half of the hash."""
        return f"{self.count}:{self.hash.hex()[:32]}"


@dataclass(frozen=True, slots=True)
class Pin:
    """Rows up to number `entries` may have no MAC if one of the first `seals` seals covers them."""

    entries: int
    seals: int
    mac: bytes


def seal(*, now: datetime, most: int = 500) -> int:
    """Seal up to `most` committed rows, oldest first; returns how many. Safe to run again."""
    one_at_a_time()
    keys = keys_in_use().good("audit")
    head = head_of(None)
    unsealed = select(AuditEntry.id).outerjoin(AuditSeal).where(AuditSeal.id.is_(None))
    numbers = list(db.session.scalars(unsealed.order_by(AuditEntry.id).limit(most)))
    rows = []
    for row in read_rows(numbers).values():
        if row.number < 1 or row.entry is None or not is_ours(row.entry, keys):
            log.error("audit.forged", extra={"entry": row.number})
        number = head.count + 1
        if row.entry is None:  # sealed all the same: it must not keep those after it from being sealed
            hashed = stamp(keys[0], "seal", number, head.hash.hex(), row.number, "unreadable")
        else:
            hashed = link(keys[0], number, head.hash, row.entry)
        head = ChainHead(number, hashed)
        rows.append({"id": number, "entry_id": row.number, "hash": head.hash, "at": now})
    if rows:
        db.session.execute(insert(AuditSeal), rows)
    return len(rows)


def head_of(before: datetime | None) -> ChainHead:
    """The last seal, or the last one made before an instant; those that somebody put before the first do not count."""
    last = select(AuditSeal.id, AuditSeal.hash).where(AuditSeal.id > 0).order_by(AuditSeal.id.desc()).limit(1)
    row = db.session.execute(last if before is None else last.where(AuditSeal.at < before)).one_or_none()
    return ChainHead(row.id, row.hash) if row else ChainHead(0, NOTHING)


def link(key: bytes, number: int, before: bytes, entry: AuditEntry) -> bytes:
    """A seal's hash. A row without a MAC is named by `flask audit verify`; it is sealed with its content."""
    covered = entry.mac or plain_link(NOTHING, entry)
    return stamp(key, "seal", number, before.hex(), entry.id, covered.hex())


def is_link(keys: Sequence[bytes], number: int, before: bytes, entry: AuditEntry, stored: bytes) -> bool:
    """Whether a seal was made for this row in this place under one of these keys."""
    return any(hmac.compare_digest(link(key, number, before, entry), stored) for key in keys)


def plain_link(before: bytes, entry: AuditEntry) -> bytes:
    """A seal of an older version: anybody could compute it."""
    at = entry.at.isoformat() if entry.at else None
    row = [entry.id, at, entry.by, entry.action, entry.subject, entry.facts]
    text = json.dumps(row, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(before + text.encode(errors="surrogatepass")).digest()


def pin_old_rows(*, now: datetime) -> None:
    """Seal what is left of the rows of older versions in their way, and pin their chain; does nothing twice.

    A database in which a row has a MAC already was pinned once: its pin was taken away, and that stays visible.
    """
    one_at_a_time()
    if db.session.scalar(select(Installation.old_mac)) is not None:
        return
    if db.session.scalar(select(AuditEntry.id).where(AuditEntry.mac.is_not(None)).limit(1)) is not None:
        return
    head = head_of(None)
    unsealed = select(AuditEntry).outerjoin(AuditSeal).where(AuditSeal.id.is_(None))
    for entry in db.session.scalars(unsealed.order_by(AuditEntry.id)):
        head = ChainHead(head.count + 1, plain_link(head.hash, entry))
        db.session.add(AuditSeal(id=head.count, entry_id=entry.id, hash=head.hash, at=now))
    db.session.flush()
    entries = db.session.scalar(select(func.max(AuditEntry.id))) or 0
    mac = _pin(keys_in_use().audit, entries, head)
    db.session.execute(update(Installation).values(old_entries=entries, old_seals=head.count, old_mac=mac))


def find_pin() -> Pin | None:
    """The pin as it is stored; None when it is not there or is none that we can have made."""
    columns = (Installation.old_entries, Installation.old_seals, Installation.old_mac)
    try:
        row = db.session.execute(select(*columns)).one_or_none()
    except (ValueError, TypeError, MemoryError):  # SQLite keeps text and numbers where bytes belong
        return None
    if row is None or not isinstance(row.old_mac, bytes):
        return None
    entries, count = row.old_entries or 0, row.old_seals or 0
    if not (isinstance(entries, int) and isinstance(count, int) and entries >= 0 and count >= 0):
        return None
    return Pin(entries, count, row.old_mac)


def is_pinned(pin: Pin, last: bytes, keys: Sequence[bytes]) -> bool:
    """Whether the pin is ours and fits the last of the plain seals."""
    head = ChainHead(pin.seals, last)
    return any(hmac.compare_digest(_pin(key, pin.entries, head), pin.mac) for key in keys)


def _pin(key: bytes, entries: int, head: ChainHead) -> bytes:
    return stamp(key, "rows without a MAC", entries, head.count, head.hash.hex())
