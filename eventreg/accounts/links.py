"""Single-use links printed on the console: a page with a button, never a sign-in by itself."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from eventreg.core.actor import actor_of
from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.core.keyring.installation import one_at_a_time
from eventreg.core.keyring.keys import fingerprint_of
from eventreg.core.trail import audit

from . import grants
from .models import RoleGrant, SignInLink
from .rules import LINK_LIFE, Role


@dataclass(frozen=True, slots=True)
class ValidSignInLink:
    """A link that has not expired or been used; `person_id` is None on the first administrator's."""

    id: int
    person_id: int | None


def make(person_id: int | None, *, now: datetime, life: timedelta = LINK_LIFE) -> str:
    """A link's token for a person, or for the first administrator (earlier ones of those die)."""
    token = secrets.token_urlsafe(24)
    if person_id is None:
        one_at_a_time()  # or two starts at once would not see each other's link
        earlier = (SignInLink.person_id.is_(None), SignInLink.used_at.is_(None))
        db.session.execute(update(SignInLink).where(*earlier).values(used_at=now))
    db.session.add(
        SignInLink(token_hash=fingerprint_of(token), person_id=person_id, made_at=now, expires_at=now + life)
    )
    audit.record("sign_in.link_made", f"person:{person_id or 'first'}", actor=actor_of("console", now=now))
    return token


def find(token: str, *, now: datetime) -> ValidSignInLink | None:
    """The link if it can still be used; reads only, for the page with the button."""
    good = (
        SignInLink.token_hash == fingerprint_of(token),
        SignInLink.used_at.is_(None),
        SignInLink.expires_at > now,
    )
    row = db.session.execute(select(SignInLink.id, SignInLink.person_id).where(*good)).one_or_none()
    return None if row is None else ValidSignInLink(row.id, row.person_id)


def use(token: str, *, now: datetime) -> ValidSignInLink:
    """Use it up. Raises Refused("sign_in.link_dead") when it is used, old or unknown."""
    good = (
        SignInLink.token_hash == fingerprint_of(token),
        SignInLink.used_at.is_(None),
        SignInLink.expires_at > now,
    )
    row = db.session.execute(
        update(SignInLink).where(*good).values(used_at=now).returning(SignInLink.id, SignInLink.person_id)
    ).one_or_none()
    if row is None:
        raise Refused("sign_in.link_dead")
    return ValidSignInLink(row.id, row.person_id)


def administrator_exists(*, now: datetime) -> bool:
    """Whether anybody administers this installation now."""
    held = (RoleGrant.role == Role.ADMINISTRATOR, grants.in_force(now))
    return db.session.scalar(select(RoleGrant.id).where(*held).limit(1)) is not None
