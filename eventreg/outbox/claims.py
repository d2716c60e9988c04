"""What a worker does with the outbox: claim letters batch by batch, renew the claims, settle them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, or_, select, update

from eventreg.core.db.session import AnyRow, db, run

from . import due
from .database_clock import database_now
from .models import Letter, Postbox
from .rules import (
    CLAIM,
    OPEN,
    SLOW,
    TOLERANCE,
    ClosedDomains,
    Lane,
    LetterState,
    LetterTransition,
    SendAllowance,
    SendOutcome,
    after,
    earlier,
    fate,
    turn,
)
from .service import ClaimedLetter

log = logging.getLogger("eventreg.outbox")

COLUMNS = (
    Letter.id,
    Letter.kind,
    Letter.person_id,
    Letter.address,
    Letter.locale,
    Letter.facts,
    Letter.sealed,
    Letter.message_id,
    Letter.posted_at,
    Letter.expires_at,
    Letter.attempts,
)
STOPPED = exists().where(Postbox.paused_at.is_not(None))


def is_due(lane: Lane, *, now: datetime, shut: ClosedDomains = OPEN) -> bool:
    """Whether a lane has a letter to claim. Reads only, so that an idle worker needs no write lock."""
    return bool(_free(lane, most=1, now=now, shut=shut))


def claim(
    worker: str,
    lane: Lane,
    *,
    now: datetime,
    most: int = 1,
    rate: int | None = None,
    robot_id: int | None = None,
    shut: ClosedDomains = OPEN,
) -> list[ClaimedLetter]:
    """Claim up to `most` due letters of a lane (of one robot), but no more than the rate per minute allows now.

    An expired claim is free. Letters are claimed by a conditional UPDATE: the rows that it changed are ours. The first
    letter is tried at once, so its attempt is counted here; those of the others when they begin (`begin`). Letters of a
    robot are sent as one message and counted at once.
    """
    start = _turn(most, rate, now=now) if rate and lane is Lane.ORDINARY else None
    most = most if start is None else start.letters
    ids = _free(lane, most=most, now=now, locked=True, robot_id=robot_id, shut=shut)
    if not ids:
        return []
    begun = ids if lane is Lane.ROBOTS else ids[:1]
    taken = update(Letter.__table__).where(Letter.id.in_(ids), due.claimable(now))  # type: ignore[arg-type]
    values = {"state": str(LetterState.CLAIMED), "claimed_by": worker, "claimed_until": database_now(CLAIM)}
    tries = Letter.attempts + case((Letter.id.in_(begun), 1), else_=0)
    rows = run(taken.values(**values, attempts=tries).returning(*COLUMNS)).all()
    if start is not None and rate:
        run(update(Postbox).values(next_at=after(start, len(rows), rate=rate)))
    return sorted((_claimed(row, begun) for row in rows), key=lambda letter: ids.index(letter.id))


def begin(letter: ClaimedLetter, worker: str, lane: Lane) -> bool:
    """Count the attempt of the claimed letter that is sent next; False when the claim is lost or its lane was stopped."""
    here = (_ours([letter.id], worker), Letter.claimed_until > database_now())
    going = update(Letter).where(*here, *(() if lane is Lane.CODES else (~STOPPED,)))
    counted = going.values(attempts=Letter.attempts + 1).returning(Letter.id)
    return run(counted).scalar_one_or_none() is not None


def renew(letters: Iterable[int], worker: str) -> None:
    """Renew our claims for another minute; claims that another worker took over are left alone."""
    run(update(Letter).where(_ours(letters, worker)).values(claimed_until=database_now(CLAIM)))


def release(
    letters: Sequence[ClaimedLetter],
    worker: str,
    *,
    begun: ClaimedLetter | None = None,
    rate: int | None = None,
) -> None:
    """Release claimed letters that were not tried: they are due at once, and their share of the rate is given back.

    `begun` is the letter among them whose attempt was counted but not made.
    """
    if letters:
        begun_id = begun.id if begun else 0
        values = {"state": str(LetterState.QUEUED), "claimed_by": None, "claimed_until": None}
        tries = Letter.attempts - case((Letter.id == begun_id, 1), else_=0)
        ours = _ours((letter.id for letter in letters), worker)
        run(update(Letter).where(ours).values(**values, attempts=tries))
        if rate:
            _give_back_turns(len(letters), rate)


def put_off(letter: ClaimedLetter, worker: str) -> None:
    """Queue our letter again and mark it as slow: the server was silent before any part of it was sent."""
    values = {"state": str(LetterState.QUEUED), "claimed_by": None, "claimed_until": None, "trouble": SLOW}
    ours = _ours([letter.id], worker)
    run(update(Letter).where(ours).values(**values, attempts=Letter.attempts - 1))


def may_go(letter: ClaimedLetter, worker: str, lane: Lane) -> bool:
    """Whether the claim on a letter is ours and its lane is not stopped. Reads only."""
    still = _still(db.engine.dialect.name, can_stop=lane is not Lane.CODES)
    return run(still, {"claimed": letter.id, "by": worker}).scalar_one_or_none() is not None


@lru_cache
def _still(_dialect: str, *, can_stop: bool) -> Select[int]:
    """The query of `may_go`, built once for a database, because it is executed before each letter."""
    ours = (
        Letter.id == bindparam("claimed"),
        Letter.state == LetterState.CLAIMED,
        Letter.claimed_by == bindparam("by"),
    )
    live = (*ours, Letter.claimed_until > database_now())
    return select(Letter.id).where(*live, *((~STOPPED,) if can_stop else ()))


def settle(
    letter: ClaimedLetter, outcome: SendOutcome, *, worker: str, now: datetime, trouble: str = ""
) -> LetterTransition:
    """Store the result of a letter. A claim that another worker took over is left alone."""
    end = fate(
        outcome,
        attempts=letter.attempts,
        posted_at=letter.posted_at,
        expires_at=letter.expires_at,
        now=now,
    )
    values: dict[str, object] = {
        "state": str(end.state),
        "claimed_by": None,
        "claimed_until": None,
        "trouble": trouble or None,
    }
    if end.due_at is not None:
        values["due_at"] = end.due_at
    if end.state is LetterState.SENT:
        values |= {"sent_at": now, "in_file": outcome is SendOutcome.WRITTEN}
    if end.state is not LetterState.QUEUED:
        values["sealed"] = None
    run(update(Letter).where(_ours([letter.id], worker)).values(**values))
    return end


def _turn(most: int, rate: int, *, now: datetime) -> SendAllowance:
    """How many letters the rate allows; the row is locked, so that all processes share one rate."""
    next_at = run(select(Postbox.next_at).with_for_update()).scalar_one_or_none()
    return turn(next_at, rate=rate, most=most, now=now)


def _give_back_turns(letters: int, rate: int) -> None:
    next_at = run(select(Postbox.next_at).with_for_update()).scalar_one_or_none()
    if next_at is not None:
        run(update(Postbox).values(next_at=earlier(next_at, letters, rate=rate)))


def _free(
    lane: Lane,
    *,
    most: int,
    now: datetime,
    locked: bool = False,
    robot_id: int | None = None,
    shut: ClosedDomains = OPEN,
) -> list[int]:
    """The ids of letters to claim, the longest due first, then those with expired claims.

    Separate statements, because each can use the index: a single one would sort all due letters.
    """
    here = (Letter.lane == int(lane), *(() if lane is Lane.CODES else (~STOPPED,)), *_outside(shut))
    here += () if robot_id is None else (Letter.robot_id == robot_id,)
    found: list[int] = []
    for free, first in (
        (due.in_time(now), Letter.due_at),
        (due.abandoned(), Letter.claimed_until),
        (due.ahead(now), Letter.due_at),
    ):
        if len(found) < most:
            rows = select(Letter.id, first).where(*here, free).order_by(first, Letter.id)
            rows = rows.limit(most - len(found))
            got = run(rows.with_for_update(skip_locked=True, of=Letter) if locked else rows).all()
            found += [id_ for id_, _instant in got]
            if locked:
                _tell_of_a_step([instant for _id, instant in got], now=now)
    return found


def _tell_of_a_step(instants: Sequence[datetime], *, now: datetime) -> None:
    """Log by how much the clock was set back, if these due letters show that."""
    furthest = max(instants, default=now) - now
    if furthest > CLAIM + TOLERANCE:
        seconds = round(furthest.total_seconds())
        log.warning("outbox.clock_was_set_back", extra={"seconds": seconds, "letters": len(instants)})


def _outside(shut: ClosedDomains) -> tuple[ColumnElement[bool], ...]:
    """Conditions that exclude closed domains; none if no domain is closed, so that the cached statement is used."""
    prompt = or_(Letter.trouble.is_(None), Letter.trouble != SLOW)
    closed = [~_of_domain(domain) for domain in sorted(shut.closed)]
    hurried = [or_(prompt, ~_of_domain(domain)) for domain in sorted(shut.hurried)]
    return (*closed, *hurried)


def _of_domain(domain: str) -> ColumnElement[bool]:
    return Letter.address.iendswith(f"@{domain}", autoescape=True)


def _ours(letters: Iterable[int], worker: str) -> ColumnElement[bool]:
    return and_(Letter.id.in_(letters), Letter.state == LetterState.CLAIMED, Letter.claimed_by == worker)


def _claimed(row: AnyRow, begun: Sequence[int] = ()) -> ClaimedLetter:
    """A row as a claimed letter. `attempts` is the number of this attempt, which may not have begun."""
    id_, kind, person_id, address, *rest = row
    claimed = ClaimedLetter(id_, kind, person_id, address or "", *rest)
    return claimed if claimed.id in begun else replace(claimed, attempts=claimed.attempts + 1)
