"""Sessions: one row for each signed-in browser, found by the hash of its token."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.orm import aliased

from eventreg.core.actor import Actor, actor_of, person_actor
from eventreg.core.clock import SET_BACK, has_passed
from eventreg.core.db.session import AnyRow, db, run
from eventreg.core.errors import NotFound
from eventreg.core.keyring.keys import fingerprint_of
from eventreg.core.trail import audit
from eventreg.people.models import Person, Unit

from .models import BrowserSession
from .rules import ELEVATED_IDLE, ELEVATED_LIFE, SEEN_EVERY, SESSION_LIFE, Visitor, elevation, session_alive

NOBODY = Visitor()

_ABOVE = aliased(Unit)
# Built once: every request of a signed-in person executes it, and building it takes as long as executing it.
HOLDER = (
    select(
        BrowserSession.id,
        BrowserSession.person_id,
        BrowserSession.expires_at,
        BrowserSession.ended_at,
        BrowserSession.elevated_until,
        BrowserSession.signed_in_at,
        BrowserSession.seen_at,
        Person.staff_no,
        Person.name,
        Person.gender,
        Person.email,
        Person.phone,
        Person.locale,
        Person.left_at,
        Unit.name.label("unit"),
        _ABOVE.name.label("above"),
        _ABOVE.kind.label("above_kind"),
    )
    .join(Person, Person.id == BrowserSession.person_id)
    .join(Unit, Unit.id == Person.unit_id)
    .outerjoin(_ABOVE, _ABOVE.id == Unit.parent_id)
    .where(BrowserSession.token_hash == bindparam("token_hash"))
)


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """One session; `browser` is its user agent."""

    id: int
    browser: str
    signed_in_at: datetime
    seen_at: datetime


def begin(person_id: int, *, browser: str, way: str, now: datetime) -> str:
    """Begin a session; returns its token, of which only the hash is stored.

    `way` is "code" or "link", and `browser` the user agent; both are stored for the record.
    """
    token = secrets.token_urlsafe(32)
    db.session.add(
        BrowserSession(
            token_hash=fingerprint_of(token),
            person_id=person_id,
            signed_in_at=now,
            seen_at=now,
            expires_at=now + SESSION_LIFE,
            elevated_until=now + min(ELEVATED_IDLE, ELEVATED_LIFE),
            browser=browser[:120],
        )
    )
    audit.record(
        "sign_in.done", f"person:{person_id}", actor=actor_of(f"person:{person_id}", now=now), way=way
    )
    return token


def find_visitor(token: str, *, now: datetime) -> Visitor:
    """The visitor of a token, or one who is not signed in; one statement, reads only."""
    return visitor_of(run(HOLDER, asked_for(token)).one_or_none(), now=now) if token else NOBODY


def find_holder(token: str) -> int | None:
    """The person that a session was made for, valid or ended."""
    return db.session.scalar(
        select(BrowserSession.person_id).where(BrowserSession.token_hash == fingerprint_of(token))
    )


def asked_for(token: str) -> dict[str, object]:
    """The parameters of HOLDER and of statements built on it."""
    return {"token_hash": fingerprint_of(token)}


def visitor_of(row: AnyRow | None, *, now: datetime) -> Visitor:
    """The visitor of a row of HOLDER; one who is not signed in if the session is over or its person has left."""
    if row is None or not session_alive(
        expires_at=row.expires_at, ended_at=row.ended_at, employed=row.left_at is None, now=now
    ):
        return NOBODY
    above = f"{row.above} " if row.above and row.above_kind != "company" else ""
    return Visitor(
        person_id=row.person_id,
        staff_no=row.staff_no,
        name=row.name,
        unit=f"{above}{row.unit}",
        gender=row.gender,
        email=row.email,
        phone=row.phone or "",
        session_id=row.id,
        elevated=now < row.elevated_until <= now + ELEVATED_IDLE + SET_BACK,
        locale=row.locale,
        touch_due=has_passed(row.seen_at, SEEN_EVERY, now=now),
        elevation_due=elevation(signed_in_at=row.signed_in_at, now=now) - row.elevated_until >= SEEN_EVERY,
    )


def touch(session_id: int, *, elevated: bool, now: datetime) -> None:
    """Note that a session is in use; extends an elevated session within its limits."""
    session = db.session.get(BrowserSession, session_id)
    if session is None:
        return
    session.seen_at = now
    if elevated:
        session.elevated_until = elevation(signed_in_at=session.signed_in_at, now=now)


def end(session_id: int, *, actor: Actor) -> None:
    """End a session; its cookie is invalid from now on."""
    alive = (BrowserSession.id == session_id, BrowserSession.ended_at.is_(None))
    db.session.execute(update(BrowserSession).where(*alive).values(ended_at=actor.now))
    audit.record("sign_in.ended", f"session:{session_id}", actor=actor)


def end_own(session_id: int, *, person_id: int, now: datetime) -> None:
    """End one of a person's sessions. Raises NotFound for another person's."""
    mine = (BrowserSession.id == session_id, BrowserSession.person_id == person_id)
    if db.session.scalar(select(BrowserSession.id).where(*mine)) is None:
        raise NotFound("session")
    if session_id in {session.id for session in list_alive(person_id, now=now)}:
        end(session_id, actor=person_actor(person_id, now=now))


def end_all(person_id: int, *, actor: Actor, but: int | None = None) -> int:
    """End all sessions of a person, except `but`; returns how many."""
    alive = [session.id for session in list_alive(person_id, now=actor.now) if session.id != but]
    db.session.execute(update(BrowserSession).where(BrowserSession.id.in_(alive)).values(ended_at=actor.now))
    for session_id in alive:
        audit.record("sign_in.ended", f"session:{session_id}", actor=actor)
    return len(alive)


def list_alive(person_id: int, *, now: datetime) -> list[SessionFacts]:
    """The valid sessions of a person, the last used first."""
    alive = (
        BrowserSession.person_id == person_id,
        BrowserSession.ended_at.is_(None),
        BrowserSession.expires_at > now,
    )
    columns = (
        BrowserSession.id,
        BrowserSession.browser,
        BrowserSession.signed_in_at,
        BrowserSession.seen_at,
    )
    rows = select(*columns).where(*alive).order_by(BrowserSession.seen_at.desc(), BrowserSession.id.desc())
    return [SessionFacts(*row) for row in db.session.execute(rows)]


def purge(*, before: datetime) -> int:
    """Delete sessions that were over before a date; returns how many."""
    over = or_(BrowserSession.expires_at < before, BrowserSession.ended_at < before)
    return len(db.session.scalars(delete(BrowserSession).where(over).returning(BrowserSession.id)).all())
