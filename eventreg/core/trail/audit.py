"""The audit trail: one row for every change, in the change's own transaction (law 4).

Rows hold ids, codes, and the old and new values of settings; never the name or an answer of a person. Each carries a MAC of its content under the audit key,
which is not in the database: a row that was changed, or that the product did not write, is found out (ADR 35).
The lease holder later seals committed rows into a chain (see `seals`), so that a missing row is found out too.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, and_, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.actor import Actor
from eventreg.core.db.base import Model, UTCDateTime
from eventreg.core.db.session import db, insert_row
from eventreg.core.keyring.keys import keys_in_use

NONCE = 16  # bytes
SORTED = json.JSONEncoder(sort_keys=True)


class AuditEntry(Model):
    """Who did what to which thing, and when.

    The nonce is random and part of what the MAC covers, so that no row can be written twice. Rows of versions
    before there were MACs have neither.
    """

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(60), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    nonce: Mapped[bytes | None] = mapped_column(LargeBinary(NONCE), unique=True)
    mac: Mapped[bytes | None] = mapped_column(LargeBinary(32))


class AuditSeal(Model):
    """One link of the chain: `hash` covers the link before it and one entry. `id` counts from 1 without a gap."""

    __tablename__ = "audit_seal"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """An audit entry as pages show it."""

    id: int
    at: datetime
    by: str
    action: str
    subject: str
    facts: Mapping[str, Any]


def record(action: str, subject: str, *, actor: Actor, **facts: object) -> None:
    """Add a row about what `actor` did to the open unit. `subject` is "kind:id"; facts are ids and codes."""
    row: dict[str, Any] = {
        "at": actor.now,
        "by": actor.audit_name,
        "action": action,
        "subject": subject,
        "facts": facts,
    }
    nonce = secrets.token_bytes(NONCE)
    insert_row(AuditEntry, **row, nonce=nonce, mac=mac_of(keys_in_use().audit, nonce, **row))


def mac_of(
    key: bytes, nonce: bytes, *, at: datetime, by: str, action: str, subject: str, facts: Mapping[str, Any]
) -> bytes:
    """HMAC-SHA256 over all of a row but its number, which is not known before it is written."""
    if any(isinstance(value, (dict, list, tuple)) for value in facts.values()):
        facts = json.loads(SORTED.encode(facts))  # as it is stored: all names in it are texts
    row = [nonce.hex(), at.astimezone(UTC).isoformat(), by, action, subject, facts]
    return hmac.digest(key, SORTED.encode(row).encode(), "sha256")


def is_ours(entry: AuditEntry, keys: Collection[bytes]) -> bool:
    """Whether a row carries the MAC of its content under one of these keys, whatever somebody has put into it."""
    if entry.nonce is None or entry.mac is None:
        return False
    row = {name: getattr(entry, name) for name in ("at", "by", "action", "subject", "facts")}
    try:
        return any(hmac.compare_digest(mac_of(key, entry.nonce, **row), entry.mac) for key in keys)
    except (AttributeError, ValueError, TypeError, OverflowError, RecursionError):
        return False  # no date, facts that are a list, a year that no other zone has: we write nothing of the kind


def list_about(
    subjects: Collection[str],
    *,
    partly: Collection[str] = (),
    campaign_id: int = 0,
    before: int | None = None,
    most: int = 50,
) -> list[EntryFacts]:
    """At most `most` entries about these subjects, before the entry id `before`, the newest first.

    Of the subjects in `partly` only what names this campaign in its facts. Reads only.
    """
    here = AuditEntry.facts["campaign"].as_integer() == campaign_id
    about = or_(AuditEntry.subject.in_(subjects), and_(AuditEntry.subject.in_(partly), here))
    rows = select(AuditEntry).where(about, AuditEntry.id < before if before else about)
    found = db.session.scalars(rows.order_by(AuditEntry.id.desc()).limit(most))
    return [EntryFacts(e.id, e.at, e.by, e.action, e.subject, e.facts) for e in found]


def list_subjects(kind: str, *, campaign_id: int) -> list[str]:
    """The subjects of a kind that something was done to and whose facts name this campaign."""
    of_kind = AuditEntry.subject.between(f"{kind}:", f"{kind}:~")
    here = AuditEntry.facts["campaign"].as_integer() == campaign_id
    rows = select(AuditEntry.subject).where(of_kind, here).distinct().order_by(AuditEntry.subject)
    return list(db.session.scalars(rows))
