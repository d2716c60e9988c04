"""Tokens in the addresses of calendar feeds: made, shown once, revoked. The token gives access without a session."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from eventreg.core.actor import actor_of
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound
from eventreg.core.keyring.keys import fingerprint_of
from eventreg.core.trail import audit
from eventreg.people.models import Person

from .models import CalendarFeed
from .rules import FeedScope

BYTES = 24  # bytes: a token has 192 bits


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its person, its content and its language."""

    person_id: int
    scope: FeedScope
    locale: str | None


def make(person_id: int, scope: FeedScope, *, now: datetime) -> str:
    """Make a token for a new address; an earlier address becomes invalid."""
    _drop(person_id, scope)
    token = secrets.token_urlsafe(BYTES)
    row = {"token_hash": fingerprint_of(token), "made_at": now}
    db.session.add(CalendarFeed(person_id=person_id, scope=str(scope), **row))
    _record("made", person_id, scope, now=now)
    return token


def revoke(person_id: int, scope: FeedScope, *, now: datetime) -> bool:
    """Revoke an address; False when there was none."""
    gone = _drop(person_id, scope)
    if gone:
        _record("revoked", person_id, scope, now=now)
    return gone


def get(token: str) -> Feed:
    """The feed of a token. Raises NotFound for a revoked and an unknown one, and for a person who has left."""
    row = db.session.execute(
        select(CalendarFeed.person_id, CalendarFeed.scope, Person.locale)
        .join(Person, Person.id == CalendarFeed.person_id)
        .where(CalendarFeed.token_hash == fingerprint_of(token), Person.left_at.is_(None))
    ).one_or_none()
    if row is None:
        raise NotFound("feed")
    return Feed(row.person_id, FeedScope(row.scope), row.locale)


def list_of(person_id: int) -> dict[FeedScope, datetime]:
    """The valid addresses of a person, with the times at which they were made."""
    rows = select(CalendarFeed.scope, CalendarFeed.made_at).where(CalendarFeed.person_id == person_id)
    return {FeedScope(scope): at for scope, at in db.session.execute(rows.order_by(CalendarFeed.scope))}


def _drop(person_id: int, scope: FeedScope) -> bool:
    own = (CalendarFeed.person_id == person_id, CalendarFeed.scope == str(scope))
    return bool(db.session.execute(delete(CalendarFeed).where(*own).returning(CalendarFeed.scope)).all())


def _record(what: str, person_id: int, scope: FeedScope, *, now: datetime) -> None:
    who = f"person:{person_id}"
    audit.record(f"calendar_feed.{what}", who, actor=actor_of(who, now=now), feed=str(scope))
