"""Post letters, and measure how long they wait. Nothing here talks to a mail server."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, String, cast, delete, exists, func, insert, literal, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute

from eventreg.core.db.session import db, insert_row, run

from . import due
from .database_clock import database_now
from .models import Lease, Letter, Postbox
from .rules import Channel, Lane, LetterState

BATCH = 500  # letters of one insert


@dataclass(frozen=True, slots=True)
class Recipient:
    """The recipient of a letter: a person of the roster with their current address and language, or a robot."""

    person_id: int | None
    address: str | None
    locale: str
    robot_id: int | None = None


@dataclass(frozen=True, slots=True)
class AddressedLetter:
    """One of many letters about the same fact: its recipient, key and facts."""

    to: Recipient
    key: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LetterTopic:
    """What letters are about: their kind, the campaign, and from when on they are no longer worth sending."""

    kind: str
    campaign_id: int | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClaimedLetter:
    """A letter claimed by this process until the claim expires: all that a renderer needs, and no row."""

    id: int
    kind: str
    person_id: int | None
    address: str
    locale: str
    facts: Mapping[str, Any]
    sealed: bytes | None
    message_id: str
    posted_at: datetime
    expires_at: datetime | None
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
    wait: timedelta = timedelta(0),
) -> None:
    """Add a letter to the open unit of work, so that it is stored exactly when its fact is.

    The key names the fact for ever: an id of a row that may be deleted is not enough, because SQLite gives it again.
    Without an address it is withheld, so that organisers see who was not reached. With `wait` it is due only then, so
    that later news can be sent with it.
    """
    about = LetterTopic(kind, campaign_id, expires_at)
    row = _row(about, AddressedLetter(to, key, facts), lane=lane, now=now)
    row["due_at"] += wait
    insert_row(Letter, **row, sealed=sealed if to.address else None)


def post_many(about: LetterTopic, letters: Iterable[AddressedLetter], *, now: datetime) -> int:
    """Add many letters to the open unit, in batches of bulk inserts; returns how many."""
    posted, rows = 0, (_row(about, letter, lane=Lane.ORDINARY, now=now) for letter in letters)
    while batch := list(islice(rows, BATCH)):
        run(insert(Letter.__table__), batch)  # type: ignore[arg-type]
        posted += len(batch)
    return posted


def was_posted(prefix: str, number: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether a letter exists whose key is this prefix and a number, as an SQL condition."""
    return exists().where(Letter.key == literal(prefix).concat(cast(number, String)))


def _row(about: LetterTopic, letter: AddressedLetter, *, lane: Lane, now: datetime) -> dict[str, Any]:
    to = letter.to
    return {
        "key": letter.key,
        "kind": about.kind,
        "campaign_id": about.campaign_id,
        "expires_at": about.expires_at,
        "lane": int(lane),
        "person_id": to.person_id,
        "channel": str(Channel.MAIL if to.robot_id is None else Channel.ROBOT),
        "robot_id": to.robot_id,
        "address": to.address,
        "locale": to.locale,
        "facts": dict(letter.facts),
        "message_id": f"<{secrets.token_hex(16)}@eventreg.invalid>",
        "state": str(LetterState.QUEUED if to.address or to.robot_id else LetterState.WITHHELD),
        "posted_at": now,
        "due_at": now,
        "attempts": 0,  # given here, because a default would be computed for each row
        "in_file": False,
    }


def oldest_due(*, now: datetime) -> timedelta | None:
    """How long the oldest due letter has been waiting; None if none is due.

    Paused letters do not count. For a letter from before the clock was set back, the distance of its instant into the
    future is taken, because its real waiting time is unknown.
    """
    going = or_(Letter.lane == int(Lane.CODES), ~exists().where(Postbox.paused_at.is_not(None)))
    waiting = (
        select(func.min(Letter.due_at)).where(due.in_time(now), going),
        select(func.min(Letter.due_at)).where(due.abandoned(), going),
        select(func.max(Letter.due_at)).where(due.ahead(now), going),
    )
    instants = db.session.execute(select(*(one.scalar_subquery() for one in waiting))).one()
    return max((abs(now - instant) for instant in instants if instant is not None), default=None)


def take_lease(name: str, owner: str, *, seconds: int) -> bool:
    """Take or renew a lease; False when another process holds it. By the database's time.

    A lease that ends further ahead than possible was taken before the clock was set back, and is free.
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


def give_up_lease(name: str, owner: str) -> None:
    """Give up the lease if this owner holds it."""
    db.session.execute(delete(Lease).where(Lease.name == name, Lease.owner == owner))


def lease_holder(name: str) -> str | None:
    """The owner of a lease that has not expired."""
    return db.session.scalar(select(Lease.owner).where(Lease.name == name, Lease.until >= database_now()))
