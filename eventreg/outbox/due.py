"""Conditions for letters that may be claimed now. An instant that is further ahead than possible counts as past.

A clock that was set back leaves instants in the future. A letter to be sent at once is due when it was posted, a retry
is due after at most 30 minutes, and a claim ends after a minute: what is further ahead was written before the clock
was set back.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_

from .database_clock import database_now
from .models import Letter
from .rules import CLAIM, FURTHEST, TOLERANCE, LetterState


def in_time(now: datetime) -> ColumnElement[bool]:
    """The letter is queued and its instant has come."""
    return and_(Letter.state == LetterState.QUEUED, Letter.due_at <= now)


def ahead(now: datetime) -> ColumnElement[bool]:
    """The letter was queued before the clock was set back: it was to be sent at once, or is further ahead than any retry."""
    too_far = or_(Letter.due_at == Letter.posted_at, Letter.due_at > now + FURTHEST)
    return and_(Letter.state == LetterState.QUEUED, Letter.due_at > now, too_far)


def abandoned() -> ColumnElement[bool]:
    """The letter is claimed, and the claim has expired or ends further ahead than any claim."""
    too_far = Letter.claimed_until > database_now(CLAIM + TOLERANCE)
    return and_(Letter.state == LetterState.CLAIMED, or_(Letter.claimed_until < database_now(), too_far))


def claimable(now: datetime) -> ColumnElement[bool]:
    """The letter may be claimed: any of these conditions."""
    return or_(in_time(now), ahead(now), abandoned())
