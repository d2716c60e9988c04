"""The process with the lease notes outside the database how far the trail is sealed, unless the trail became shorter."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from eventreg.core.db.session import db

from . import heads
from .audit import AuditSeal
from .heads import SealedRange
from .seals import ChainHead, head_of
from .trail_check import restored_after, restores

log = logging.getLogger("eventreg.audit")


def note_head(instance: Path, *, now: datetime) -> ChainHead | None:
    """Add a line about the seals that were made since the last one; None when there are none.

    A trail that became shorter or differs is not noted: the file stays as it is, and the log says so at each tick until a
    restore that explains it is recorded. It only reads the database.
    """
    lines, unreadable = heads.read_all(instance)
    if unreadable:
        log.error(
            "audit.heads_unreadable", extra={"file": str(instance / heads.NAME), "lines": unreadable[:20]}
        )
    noted, head = heads.current(lines), head_of(None)
    last = noted[-1] if noted else None
    if last is not None and not _goes_on(last, head):
        if restored_after(last.at, restores()) is None:
            log.error("audit.shortened", extra={"known": f"{last.last}:{last.hash[:32]}", "found": head.text})
            return None
        return _note(instance, noted, head, restored=True, now=now)
    if head.count == (last.last if last else 0):
        return None
    return _note(instance, noted, head, restored=False, now=now)


def _note(
    instance: Path, noted: list[SealedRange], head: ChainHead, *, restored: bool, now: datetime
) -> ChainHead:
    after = 0 if restored or not noted else noted[-1].last
    new = select(AuditSeal.entry_id).where(AuditSeal.id > after, AuditSeal.id <= head.count)
    entries = list(db.session.scalars(new))
    line = heads.next_line(
        noted, last=head.count, hash_=head.hash, entries=entries, now=now, restored=restored
    )
    heads.append(instance, line)
    log.info("audit.head", extra={"head": head.text, "restored": restored})
    return head


def _goes_on(last: SealedRange, head: ChainHead) -> bool:
    """Whether the chain in the database still holds the seal that was noted last."""
    if head.count < last.last:
        return False
    stored = db.session.scalar(select(AuditSeal.hash).where(AuditSeal.id == last.last))
    return stored is not None and stored.hex() == last.hash
