"""Post a letter, claim it, settle it. Nothing here talks to a mail server."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, DateTime, and_, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from eventreg.core.columns import UTCDateTime
from eventreg.core.db import add_row, db

from .models import Lease, Letter
from .rules import CLAIM, Channel, Fate, Lane, LetterState, Outcome, fate

BATCH = 500  # letters of one insert


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a letter goes to: a person of the roster, her address and language, as of now."""

    person_id: int | None
    address: str | None
    locale: str


@dataclass(frozen=True, slots=True)
class Addressed:
    """A letter of many that tell one fact: to whom, under which key, with which facts."""

    to: Recipient
    key: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class About:
    """What letters tell: their kind, the campaign, and when nobody wants them any more."""

    kind: str
    campaign_id: int | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter that is ours until the claim runs out: all a renderer needs, and no row."""

    id: int
    kind: str
    person_id: int | None
    address: str
    locale: str
    facts: Mapping[str, Any]
    sealed: bytes | None
    message_id: str
    posted_at: datetime
    attempts: int


def post(
    kind: str,
    to: Recipient,
    *,
    key: str,
    facts: Mapping[str, Any],
    now: datetime,
    campaign_id: int | None = None,
    expires_at: datetime | None = None,
    lane: Lane = Lane.ORDINARY,
    sealed: bytes | None = None,
) -> None:
    """Add a letter to the open unit of work: it exists exactly when the fact it tells does.

    Without an address it is withheld, so that every fact has its letter and an organiser can
    see who was not reached.
    """
    about = About(kind, campaign_id, expires_at)
    row = _row(about, Addressed(to, key, facts), lane=lane, now=now)
    add_row(Letter, **row, sealed=sealed if to.address else None)


def post_many(about: About, letters: Iterable[Addressed], *, now: datetime) -> int:
    """Add many letters to the open unit, in batches of bulk inserts; returns how many."""
    posted, rows = 0, (_row(about, letter, lane=Lane.ORDINARY, now=now) for letter in letters)
    while batch := list(islice(rows, BATCH)):
        db.session.execute(insert(Letter), batch)
        posted += len(batch)
    return posted


def _row(about: About, letter: Addressed, *, lane: Lane, now: datetime) -> dict[str, Any]:
    to = letter.to
    return {
        "key": letter.key,
        "kind": about.kind,
        "campaign_id": about.campaign_id,
        "expires_at": about.expires_at,
        "lane": int(lane),
        "person_id": to.person_id,
        "channel": str(Channel.MAIL),
        "address": to.address,
        "locale": to.locale,
        "facts": dict(letter.facts),
        "message_id": f"<{secrets.token_hex(16)}@eventreg.invalid>",
        "state": str(LetterState.QUEUED if to.address else LetterState.WITHHELD),
        "posted_at": now,
        "due_at": now,
    }


def is_due(lane: Lane, *, now: datetime) -> bool:
    """Whether a lane has a letter to claim; a read, so that an idle sender takes nobody's turn."""
    return db.session.scalar(select(Letter.id).where(*_claimable(lane, now=now)).limit(1)) is not None


def claim(worker: str, lane: Lane, *, now: datetime) -> Claimed | None:
    """Take the next due letter of a lane, or None. A claim whose minute has run out is free.

    Claim by a conditional UPDATE that names what it expects: one row changed means it is ours.
    """
    free = _claimable(lane, now=now)
    first = select(Letter.id).where(*free).order_by(Letter.id).limit(1)
    letter_id = db.session.scalar(first.with_for_update(skip_locked=True))
    if letter_id is None:
        return None
    taken = db.session.execute(
        update(Letter)
        .where(Letter.id == letter_id, *free)
        .values(
            state=str(LetterState.CLAIMED),
            claimed_by=worker,
            claimed_until=database_now(CLAIM),
            attempts=Letter.attempts + 1,
        )
        .returning(Letter)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).scalar_one_or_none()
    return None if taken is None else _claimed(taken)


def settle(letter: Claimed, outcome: Outcome, *, worker: str, now: datetime, trouble: str = "") -> Fate:
    """Write what became of our claim. A claim that somebody took over is left to them."""
    end = fate(outcome, attempts=letter.attempts, posted_at=letter.posted_at, now=now)
    done = end.state is not LetterState.QUEUED
    values: dict[str, object] = {
        "state": str(end.state),
        "claimed_by": None,
        "claimed_until": None,
        "trouble": trouble or None,
    }
    if end.due_at is not None:
        values["due_at"] = end.due_at
    if end.state is LetterState.SENT:
        values["sent_at"] = now
    if done:
        values["sealed"] = None
    ours = and_(Letter.id == letter.id, Letter.state == LetterState.CLAIMED, Letter.claimed_by == worker)
    db.session.execute(update(Letter).where(ours).values(**values))
    return end


def oldest_due(*, now: datetime) -> timedelta | None:
    """How long the oldest letter that could go has been waiting; None when none is."""
    due = db.session.scalar(
        select(func.min(Letter.due_at)).where(Letter.state == LetterState.QUEUED, Letter.due_at <= now)
    )
    return None if due is None else now - due


def take_lease(name: str, owner: str, *, seconds: int) -> bool:
    """Take or renew a lease; False when another process holds it. By the database's time.

    One that ends further ahead than a lease can was taken before the clock was set back: it is free.
    """
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    until = database_now(timedelta(seconds=seconds))
    statement = insert(Lease).values(name=name, owner=owner, until=until)
    statement = statement.on_conflict_do_update(
        index_elements=[Lease.name],
        set_={"owner": owner, "until": until},
        where=or_(
            Lease.owner == owner,
            Lease.until < database_now(),
            Lease.until > database_now(timedelta(seconds=2 * seconds)),
        ),
    )
    return bool(db.session.execute(statement.returning(Lease.name)).scalar_one_or_none())


def lease_holder(name: str) -> str | None:
    """Who holds a lease that has not run out."""
    return db.session.scalar(select(Lease.owner).where(Lease.name == name, Lease.until >= database_now()))


def database_now(ahead: timedelta = timedelta(0)) -> ColumnElement[datetime]:
    """The database's own clock, `ahead` of now: leases compare it with itself only (law 9)."""
    seconds = int(ahead.total_seconds())
    if db.engine.dialect.name == "postgresql":
        interval = func.make_interval(0, 0, 0, 0, 0, 0, seconds)  # years, months, … seconds
        return func.clock_timestamp(type_=UTCDateTime()).op("+")(interval)
    return func.strftime("%Y-%m-%d %H:%M:%f000", "now", f"{seconds:+d} seconds", type_=DateTime())


def _claimable(lane: Lane, *, now: datetime) -> tuple[ColumnElement[bool], ...]:
    due = and_(Letter.state == LetterState.QUEUED, Letter.due_at <= now)
    stale = and_(Letter.state == LetterState.CLAIMED, Letter.claimed_until < database_now())
    return Letter.lane == int(lane), or_(due, stale)


def _claimed(row: Letter) -> Claimed:
    return Claimed(
        id=row.id,
        kind=row.kind,
        person_id=row.person_id,
        address=row.address or "",
        locale=row.locale,
        facts=row.facts,
        sealed=row.sealed,
        message_id=row.message_id,
        posted_at=row.posted_at,
        attempts=row.attempts,
    )
