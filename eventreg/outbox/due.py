"""Which letters may be claimed now, as conditions of a query; an instant that lies further ahead than it can is past.

A clock that was set back leaves instants ahead of now. A letter posted to go at once has its due instant where it was posted,
a retry is due after 30 minutes at most, a claim ends a minute after it was made: what lies further ahead was written before the
clock was set.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_

from .database_clock import database_now
from .models import Letter
from .rules import CLAIM, FURTHEST, TOLERANCE, LetterState


def in_time(now: datetime) -> ColumnElement[bool]:
    """Queued, and its instant has come."""
    return and_(Letter.state == LetterState.QUEUED, Letter.due_at <= now)


def ahead(now: datetime) -> ColumnElement[bool]:
    """Queued before the clock was set back, and due: to go at once, or further ahead than a retry can be."""
    too_far = or_(Letter.due_at == Letter.posted_at, Letter.due_at > now + FURTHEST)
    return and_(Letter.state == LetterState.QUEUED, Letter.due_at > now, too_far)


def abandoned() -> ColumnElement[bool]:
    """Claimed, and the claim has run out or ends further ahead than a claim can."""
    too_far = Letter.claimed_until > database_now(CLAIM + TOLERANCE)
    return and_(Letter.state == LetterState.CLAIMED, or_(Letter.claimed_until < database_now(), too_far))


def claimable(now: datetime) -> ColumnElement[bool]:
    """Any of these."""
    return or_(in_time(now), ahead(now), abandoned())
