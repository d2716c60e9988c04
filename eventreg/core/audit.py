"""The audit trail: one row for every change, in the change's own transaction (law 4).

Rows hold ids and codes only, never a name or an answer. The lease holder later seals committed
rows into a hash chain; a row that was changed or removed after its seal no longer matches.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, and_, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from .columns import Model, UTCDateTime
from .db import add_row, db

LINKS = 500  # of the chain, read at once


class AuditEntry(Model):
    """Who did what to which thing, and when."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(60), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)


class AuditSeal(Model):
    """One link of the chain: `hash` covers the link before it and one entry."""

    __tablename__ = "audit_seal"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


@dataclass(frozen=True, slots=True)
class Chain:
    """What a check of the trail found. `broken` names the first entry that does not match."""

    sealed: int
    unsealed: int
    broken: int | None


@dataclass(frozen=True, slots=True)
class Told:
    """An entry as pages tell it."""

    id: int
    at: datetime
    by: str
    action: str
    subject: str
    facts: Mapping[str, Any]


def record(action: str, subject: str, *, by: str, now: datetime, **facts: object) -> None:
    """Add a row to the open unit. `subject` and `by` are "kind:id"; facts are ids and codes."""
    add_row(AuditEntry, at=now, by=by, action=action, subject=subject, facts=facts)


def list_about(
    subjects: Collection[str],
    *,
    partly: Collection[str] = (),
    campaign_id: int = 0,
    before: int | None = None,
    most: int = 50,
) -> list[Told]:
    """What was done to these subjects, the newest first; `before` an entry's id, `most` of them.

    Of the subjects in `partly` only what names this campaign in its facts. Reads only.
    """
    here = AuditEntry.facts["campaign"].as_integer() == campaign_id
    about = or_(AuditEntry.subject.in_(subjects), and_(AuditEntry.subject.in_(partly), here))
    rows = select(AuditEntry).where(about, AuditEntry.id < before if before else about)
    found = db.session.scalars(rows.order_by(AuditEntry.id.desc()).limit(most))
    return [Told(e.id, e.at, e.by, e.action, e.subject, e.facts) for e in found]


def list_subjects(kind: str, *, campaign_id: int) -> list[str]:
    """The subjects of a kind that something was done to and whose facts name this campaign."""
    of_kind = AuditEntry.subject.between(f"{kind}:", f"{kind}:~")
    here = AuditEntry.facts["campaign"].as_integer() == campaign_id
    rows = select(AuditEntry.subject).where(of_kind, here).distinct().order_by(AuditEntry.subject)
    return list(db.session.scalars(rows))


def seal(*, now: datetime, most: int = 500) -> int:
    """Seal up to `most` committed rows, oldest first; returns how many. Safe to run again."""
    last = db.session.scalar(select(AuditSeal.hash).order_by(AuditSeal.id.desc()).limit(1)) or b""
    unsealed = select(AuditEntry).outerjoin(AuditSeal).where(AuditSeal.id.is_(None))
    entries = db.session.scalars(unsealed.order_by(AuditEntry.id).limit(most)).all()
    for entry in entries:
        last = _link(last, entry)
        db.session.add(AuditSeal(entry_id=entry.id, hash=last, at=now))
        db.session.flush()
    return len(entries)


def verify() -> Chain:
    """Walk the chain from its beginning; reads only."""
    last, sealed, broken = b"", 0, None
    for stored, entry in _links():
        last = _link(last, entry) if entry is not None else b""
        if last != stored:
            broken = entry.id if entry is not None else 0
            break
        sealed += 1
    return Chain(sealed=sealed, unsealed=_unsealed(), broken=broken)


def _links() -> Iterator[tuple[bytes, AuditEntry | None]]:
    """Each seal's hash and what it seals, oldest first, some hundreds in memory."""
    rows = select(AuditSeal.id, AuditSeal.hash, AuditEntry).outerjoin(
        AuditEntry, AuditEntry.id == AuditSeal.entry_id
    )
    after = 0
    while some := db.session.execute(
        rows.where(AuditSeal.id > after).order_by(AuditSeal.id).limit(LINKS)
    ).all():
        yield from ((hashed, entry) for _, hashed, entry in some)
        after = some[-1].id


def _unsealed() -> int:
    pending = select(AuditEntry.id).outerjoin(AuditSeal).where(AuditSeal.id.is_(None))
    return len(db.session.scalars(pending).all())


def _link(before: bytes, entry: AuditEntry) -> bytes:
    row = [entry.id, entry.at.isoformat(), entry.by, entry.action, entry.subject, entry.facts]
    return hashlib.sha256(before + json.dumps(row, sort_keys=True, ensure_ascii=False).encode()).digest()
