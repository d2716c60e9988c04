"""Count requests for codes by one atomic statement each, so that simultaneous requests are all counted (ADR 37).

A count is found by a hash of an account, a browser of an account, or a network. Unknown accounts are counted too.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, delete, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from eventreg.core.clock import SET_BACK
from eventreg.core.db.base import UTCDateTime
from eventreg.core.db.session import db, run
from eventreg.core.errors import Refused

from .models import CodeCount
from .rules import CODE_QUIET, CODE_WAITS


def take_in_turn(key: bytes, *, now: datetime) -> None:
    """Count a request for a code, and make the next one wait longer.

    Raises Refused("sign_in.too_many_codes") with `again_at` until the waiting time of the last request is over. An instant
    further ahead than the longest wait was written before the clock was set back, and is ignored.
    """
    anew = CodeCount.asked_at <= now - CODE_QUIET
    asked = case((anew, 1), else_=CodeCount.asked + 1)
    steps = [(asked == n, _at(now + wait)) for n, wait in enumerate(CODE_WAITS, 1)]
    next_at = case(*steps, else_=_at(now + CODE_WAITS[-1]))
    open_ = or_(CodeCount.next_at <= now, CodeCount.next_at > now + CODE_WAITS[-1] + SET_BACK)
    _take(key, asked, next_at, open_, first_until=now + CODE_WAITS[0], now=now)


def take_of_period(key: bytes, *, most: int, period: timedelta, now: datetime) -> None:
    """Count a request of a period with a maximum; the period begins with its first request.

    Raises Refused("sign_in.too_many_codes") with `again_at` when the maximum is reached.
    """
    over = or_(CodeCount.next_at <= now, CodeCount.next_at > now + period + SET_BACK)
    asked = case((over, 1), else_=CodeCount.asked + 1)
    next_at = case((over, _at(now + period)), else_=CodeCount.next_at)
    _take(key, asked, next_at, or_(over, CodeCount.asked < most), first_until=now + period, now=now)


def refund(key: bytes, *, now: datetime) -> None:
    """Undo a count after a right code, which was no guess."""
    counted = update(CodeCount).where(CodeCount.key == key, CodeCount.asked > 0)
    run(counted.values(asked=CodeCount.asked - 1, next_at=now))


def purge(*, now: datetime) -> int:
    """Delete counts that no longer matter; returns how many."""
    old = delete(CodeCount).where(CodeCount.asked_at <= now - 2 * CODE_QUIET, CodeCount.next_at <= now)
    return len(run(old.returning(CodeCount.key)).all())


def _take(
    key: bytes,
    asked: ColumnElement[int],
    next_at: ColumnElement[datetime],
    open_: ColumnElement[bool],
    *,
    first_until: datetime,
    now: datetime,
) -> None:
    """Insert the count, or change it if its condition holds; a request that changes no row is refused."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    first = insert(CodeCount).values(key=key, asked=1, asked_at=now, next_at=first_until)
    counted = first.on_conflict_do_update(
        index_elements=[CodeCount.key],
        set_={"asked": asked, "asked_at": now, "next_at": next_at},
        where=open_,
    ).returning(CodeCount.asked)
    if run(counted).scalar_one_or_none() is None:
        again_at = run(select(CodeCount.next_at).where(CodeCount.key == key)).scalar_one()
        raise Refused("sign_in.too_many_codes", again_at=again_at)


def _at(instant: datetime) -> ColumnElement[datetime]:
    return literal(instant, UTCDateTime())
