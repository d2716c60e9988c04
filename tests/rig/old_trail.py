"""What somebody without the audit key can do to the chain: what seals of older versions were made of."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import text

from eventreg.core.db.session import db, unit_of_work
from eventreg.core.trail.audit import AuditEntry


def plain_link(before: bytes, entry: AuditEntry) -> bytes:
    """A link as versions before ADR 35 made it."""
    row = [entry.id, entry.at.isoformat(), entry.by, entry.action, entry.subject, entry.facts]
    return hashlib.sha256(before + json.dumps(row, sort_keys=True, ensure_ascii=False).encode()).digest()


def chain_anew() -> None:
    """Make every seal anew from what the rows hold now."""
    with unit_of_work():
        last = b""
        for seal, entry_id in db.session.execute(
            text("SELECT id, entry_id FROM audit_seal ORDER BY id")
        ).all():
            last = plain_link(last, db.session.get_one(AuditEntry, entry_id, populate_existing=True))
            db.session.execute(
                text("UPDATE audit_seal SET hash = :hash WHERE id = :id"), {"hash": last, "id": seal}
            )
