"""Daily letters to administrators with the head of the audit trail at midnight, which is then known outside the machine."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select

from eventreg.accounts import grants
from eventreg.core.db.session import db
from eventreg.core.process_cache import cache_of
from eventreg.core.trail.seals import ChainHead, head_of
from eventreg.outbox import service as outbox
from eventreg.outbox.models import Letter
from eventreg.outbox.service import Recipient
from eventreg.people import service as people
from eventreg.registrations.participants import DEFAULT_LOCALE

KIND = "audit_head"
FROM = time(7)  # so that no phone rings at night


def is_due(zone: ZoneInfo, *, now: datetime) -> bool:
    """Whether today's letters are due: in the morning, if something was sealed since the last ones.

    Their content does not change after midnight, so each process checks once a day. Reads only.
    """
    here = now.astimezone(zone)
    looked = cache_of("audit head of a day")
    if here.time() < FROM or looked.get("day") == here.date():
        return False
    looked["day"] = here.date()
    found = _at_midnight(zone, now=now).count > _told_last()
    db.session.rollback()
    return found


def post_head(zone: ZoneInfo, *, now: datetime) -> int:
    """Post today's letters, one for each administrator; returns how many. They are posted once, also by two leaders."""
    grants.lock_administrators(now=now)
    head, day = _at_midnight(zone, now=now), now.astimezone(zone).date()
    if head.count <= _told_last():
        return 0
    readers = [people.person_facts(id_) for id_ in grants.list_administrators(now=now)]
    for person in readers:
        outbox.post(
            KIND,
            Recipient(person.id, person.email, person.locale or DEFAULT_LOCALE),
            key=f"{KIND}:{day.isoformat()}:{person.id}",
            facts={"count": head.count, "hash": head.hash.hex()[:32], "day": day.isoformat()},
            now=now,
        )
    return len(readers)


def _at_midnight(zone: ZoneInfo, *, now: datetime) -> ChainHead:
    return head_of(datetime.combine(now.astimezone(zone).date(), time(), zone))


def _told_last() -> int:
    """The number of seals in the last letters."""
    last = select(Letter.facts).where(Letter.kind == KIND).order_by(Letter.id.desc()).limit(1)
    facts = db.session.scalar(last)
    return int(facts["count"]) if facts else 0
