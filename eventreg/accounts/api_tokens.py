"""Tokens of the API: made and revoked on the console or by an administrator, found by their hash."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, select, update

from eventreg.core.actor import Actor
from eventreg.core.clock import has_passed
from eventreg.core.db.base import UTCDateTime
from eventreg.core.db.session import db, run
from eventreg.core.errors import NotFound, Refused
from eventreg.core.keyring.keys import fingerprint_of
from eventreg.core.trail import audit

from .models import ApiToken
from .rules import SEEN_EVERY, TOKEN_DAYS, TOKEN_NAME_LENGTH, ApiScope, Caller

LONGEST = 10 * TOKEN_DAYS
OWNER_LENGTH = 120


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """A token as the administrator sees it, without its secret text, which is shown only once."""

    id: int
    name: str
    scopes: tuple[ApiScope, ...]
    owner: str
    made_at: datetime
    until: datetime
    last_used_at: datetime | None
    revoked: bool


def make(name: str, scopes: Collection[ApiScope], *, owner: str, actor: Actor, days: int = TOKEN_DAYS) -> str:
    """A bearer token, shown this once, good for `days` from now.

    Raises Refused("token.name_taken") while another of this name is not revoked,
    ("token.name_form"), ("token.no_scope") or ("token.days").
    """
    if not 0 < len(name) <= TOKEN_NAME_LENGTH or not name.isprintable():
        raise Refused("token.name_form", most=TOKEN_NAME_LENGTH)
    if not scopes:
        raise Refused("token.no_scope")
    if not 0 < days <= LONGEST:
        raise Refused("token.days", most=LONGEST)
    if db.session.scalar(select(ApiToken.id).where(_named(name))) is not None:
        raise Refused("token.name_taken")
    token = secrets.token_urlsafe(32)
    row = ApiToken(
        name=name,
        token_hash=fingerprint_of(token),
        scopes=" ".join(sorted(set(scopes))),
        owner=owner[:OWNER_LENGTH],
        made_at=actor.now,
        until=actor.now + timedelta(days=days),
    )
    db.session.add(row)
    db.session.flush()
    audit.record("api_token.made", f"token:{row.id}", actor=actor, scopes=row.scopes, days=days)
    return token


def revoke(name: str, *, actor: Actor) -> None:
    """End the token of this name at once. Raises Refused("token.unknown")."""
    ended = update(ApiToken).where(_named(name)).values(revoked_at=actor.now).returning(ApiToken.id)
    token_id = db.session.scalar(ended)
    if token_id is None:
        raise Refused("token.unknown")
    audit.record("api_token.revoked", f"token:{token_id}", actor=actor)


def revoke_by_id(token_id: int, *, actor: Actor) -> None:
    """End a token at once; ended before it stays as it is. Raises NotFound."""
    alive = (ApiToken.id == token_id, ApiToken.revoked_at.is_(None))
    ended = db.session.scalar(
        update(ApiToken).where(*alive).values(revoked_at=actor.now).returning(ApiToken.id)
    )
    if ended is not None:
        audit.record("api_token.revoked", f"token:{token_id}", actor=actor)
    elif db.session.scalar(select(ApiToken.id).where(ApiToken.id == token_id)) is None:
        raise NotFound("token")


def list_tokens() -> list[TokenFacts]:
    """All tokens, those in force first, the newest first."""
    order = (ApiToken.revoked_at.is_not(None), ApiToken.id.desc())
    rows = db.session.scalars(select(ApiToken).order_by(*order).execution_options(populate_existing=True))
    return [
        TokenFacts(
            t.id,
            t.name,
            tuple(ApiScope(word) for word in t.scopes.split()),
            t.owner,
            t.made_at,
            t.until,
            t.last_used_at,
            t.revoked_at is not None,
        )
        for t in rows
    ]


GOOD = select(ApiToken.id, ApiToken.name, ApiToken.scopes, ApiToken.last_used_at).where(
    ApiToken.token_hash == bindparam("token_hash"),
    ApiToken.revoked_at.is_(None),
    ApiToken.until > bindparam("now", type_=UTCDateTime),
)  # built once: every call asks it


def find(token: str, *, now: datetime) -> Caller | None:
    """Whose token this is; unknown, revoked and outlived ones answer alike. Reads only."""
    row = run(GOOD, {"token_hash": fingerprint_of(token), "now": now}).one_or_none()
    if row is None:
        return None
    scopes = frozenset(ApiScope(word) for word in row.scopes.split())
    seen = row.last_used_at
    return Caller(row.id, row.name, scopes, touch_due=seen is None or has_passed(seen, SEEN_EVERY, now=now))


def touch(token_id: int, *, now: datetime) -> None:
    """Note that it was used; the guard asks for this at most once a minute."""
    db.session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=now))


def _named(name: str) -> ColumnElement[bool]:
    return (ApiToken.name == name) & ApiToken.revoked_at.is_(None)
