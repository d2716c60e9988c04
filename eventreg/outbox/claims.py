"""Claim letters, keep the claims, settle them: what a worker asks of the outbox, batch by batch."""

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
    """Whether a lane has a letter to claim; a read, so that an idle sender takes nobody's turn."""
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
    """Take up to `most` due letters of a lane (of one robot), and no more than a rate a minute lets go now.

    A claim whose minute has run out is free. Claim by a conditional UPDATE that names what it
    expects: a row that it changed is ours. The first letter is tried at once, so its attempt is counted here;
    each other one's when it begins (`begin`). All that a robot says goes as one message and is counted at once.
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
    """Count the attempt of a claimed letter that goes next; False when it is no longer ours or its lane was stopped."""
    here = (_ours([letter.id], worker), Letter.claimed_until > database_now())
    going = update(Letter).where(*here, *(() if lane is Lane.CODES else (~STOPPED,)))
    counted = going.values(attempts=Letter.attempts + 1).returning(Letter.id)
    return run(counted).scalar_one_or_none() is not None


def renew(letters: Iterable[int], worker: str) -> None:
    """Hold our claims for another minute; what somebody took over is left to them."""
    run(update(Letter).where(_ours(letters, worker)).values(claimed_until=database_now(CLAIM)))


def release(
    letters: Sequence[ClaimedLetter],
    worker: str,
    *,
    begun: ClaimedLetter | None = None,
    rate: int | None = None,
) -> None:
    """Give back what was claimed and not tried: it is due for anybody, at once, and its turns of a rate too.

    `begun` is one of them whose attempt was counted and has not been made after all.
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
    """Queue our letter again untried, marked as slow: nothing of it has gone to the server that was silent."""
    values = {"state": str(LetterState.QUEUED), "claimed_by": None, "claimed_until": None, "trouble": SLOW}
    ours = _ours([letter.id], worker)
    run(update(Letter).where(ours).values(**values, attempts=Letter.attempts - 1))


def may_go(letter: ClaimedLetter, worker: str, lane: Lane) -> bool:
    """Whether a claimed letter is still ours, and its lane not stopped since. Reads only."""
    still = _still(db.engine.dialect.name, can_stop=lane is not Lane.CODES)
    return run(still, {"claimed": letter.id, "by": worker}).scalar_one_or_none() is not None


@lru_cache
def _still(_dialect: str, *, can_stop: bool) -> Select[int]:
    """Built once for a database: it is asked before each letter."""
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
    """Write what became of our claim. A claim that somebody took over is left to them."""
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
        values["sent_at"] = now
    if end.state is not LetterState.QUEUED:
        values["sealed"] = None
    run(update(Letter).where(_ours([letter.id], worker)).values(**values))
    return end


def _turn(most: int, rate: int, *, now: datetime) -> SendAllowance:
    """What the rate lets go; the row is locked, so that two processes share one rate."""
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
    """Ids of letters to claim, the longest due first; abandoned claims fill what is left.

    A statement for each, for each walks the index: one for all would sort all that is due.
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
    """Log by how much the clock was set back, as far as these due letters show it."""
    furthest = max(instants, default=now) - now
    if furthest > CLAIM + TOLERANCE:
        seconds = round(furthest.total_seconds())
        log.warning("outbox.clock_was_set_back", extra={"seconds": seconds, "letters": len(instants)})


def _outside(shut: ClosedDomains) -> tuple[ColumnElement[bool], ...]:
    """Conditions that leave out what a line may not take; without any, the statement stays as it was."""
    prompt = or_(Letter.trouble.is_(None), Letter.trouble != SLOW)
    closed = [~_of_domain(domain) for domain in sorted(shut.closed)]
    hurried = [or_(prompt, ~_of_domain(domain)) for domain in sorted(shut.hurried)]
    return (*closed, *hurried)


def _of_domain(domain: str) -> ColumnElement[bool]:
    return Letter.address.iendswith(f"@{domain}", autoescape=True)


def _ours(letters: Iterable[int], worker: str) -> ColumnElement[bool]:
    return and_(Letter.id.in_(letters), Letter.state == LetterState.CLAIMED, Letter.claimed_by == worker)


def _claimed(row: AnyRow, begun: Sequence[int] = ()) -> ClaimedLetter:
    """`attempts` says which attempt this is, or will be once the letter begins."""
    id_, kind, person_id, address, *rest = row
    claimed = ClaimedLetter(id_, kind, person_id, address or "", *rest)
    return claimed if claimed.id in begun else replace(claimed, attempts=claimed.attempts + 1)
