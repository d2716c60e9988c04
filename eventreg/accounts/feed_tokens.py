"""Addresses for calendar programs: made, shown once, revoked. Whoever has one needs no session."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from eventreg.core.actor import actor_of
from eventreg.core.db.session import add_row, db
from eventreg.core.errors import NotFound
from eventreg.core.keyring.keys import fingerprint_of
from eventreg.core.trail import audit
from eventreg.people.models import Person

from .models import CalendarFeed
from .rules import FeedScope

BYTES = 24  # 192 bits of a token


@dataclass(frozen=True, slots=True)
class Feed:
    """Whose feed an address is, of what, and in which language."""

    person_id: int
    scope: FeedScope
    locale: str | None


def make(person_id: int, scope: FeedScope, *, now: datetime) -> str:
    """A new address's token; the one before opens nothing any more."""
    _drop(person_id, scope)
    token = secrets.token_urlsafe(BYTES)
    row = {"token_hash": fingerprint_of(token), "made_at": now}
    add_row(CalendarFeed, person_id=person_id, scope=str(scope), **row)
    _record("made", person_id, scope, now=now)
    return token


def revoke(person_id: int, scope: FeedScope, *, now: datetime) -> bool:
    """Let the address open nothing from now on; False when there was none."""
    gone = _drop(person_id, scope)
    if gone:
        _record("revoked", person_id, scope, now=now)
    return gone


def get(token: str) -> Feed:
    """What a token opens; revoked, never made, and of somebody who left answer alike: NotFound."""
    row = db.session.execute(
        select(CalendarFeed.person_id, CalendarFeed.scope, Person.locale)
        .join(Person, Person.id == CalendarFeed.person_id)
        .where(CalendarFeed.token_hash == fingerprint_of(token), Person.left_at.is_(None))
    ).one_or_none()
    if row is None:
        raise NotFound("feed")
    return Feed(row.person_id, FeedScope(row.scope), row.locale)


def list_of(person_id: int) -> dict[FeedScope, datetime]:
    """Which of her addresses are in force, and since when."""
    rows = select(CalendarFeed.scope, CalendarFeed.made_at).where(CalendarFeed.person_id == person_id)
    return {FeedScope(scope): at for scope, at in db.session.execute(rows.order_by(CalendarFeed.scope))}


def _drop(person_id: int, scope: FeedScope) -> bool:
    hers = (CalendarFeed.person_id == person_id, CalendarFeed.scope == str(scope))
    return bool(db.session.execute(delete(CalendarFeed).where(*hers).returning(CalendarFeed.scope)).all())


def _record(what: str, person_id: int, scope: FeedScope, *, now: datetime) -> None:
    who = f"person:{person_id}"
    audit.record(f"calendar_feed.{what}", who, actor=actor_of(who, now=now), feed=str(scope))
