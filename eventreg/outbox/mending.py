"""A letter that did not arrive, put right by hand: sent again, to another address, noted as bounced.

Whoever calls says whose letters may be touched: `mine` are campaigns, None stands for all. A sign-in
code is no letter here: nobody sends one again or sees where it went.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from eventreg.core import audit
from eventreg.core.db import db, run
from eventreg.core.errors import NotFound, Refused

from .models import Letter
from .rules import (
    OVERTAKEN,
    Channel,
    Lane,
    LetterState,
    Standing,
    check_readdressable,
    goes_again,
)


def lock_letter(letter_id: int, *, mine: Sequence[int] | None) -> Letter:
    """The letter's row, locked and read anew; raises NotFound for another's, a code's and for none."""
    where = [Letter.id == letter_id, Letter.lane != int(Lane.CODES)]
    if mine is not None:
        where.append(Letter.campaign_id.in_(mine))
    rows = select(Letter).where(*where).with_for_update().execution_options(populate_existing=True)
    letter = db.session.scalar(rows)
    if letter is None:
        raise NotFound("letter")
    return letter


def send_again(letter: Letter, address: str | None, *, by: str, now: datetime) -> bool:
    """Begin anew, with attempts and patience as at first; False while it is on its way or has arrived.

    Raises what `goes_again` does. One that a server took before is another message from now on, so
    that no mailbox drops it as a repeat.
    """
    if not goes_again(replace(_standing(letter), address=address), now=now):
        return False
    fresh = {"message_id": f"<{secrets.token_hex(16)}@eventreg.invalid>"} if letter.bounced_at else {}
    _requeue(letter, now=now, address=address, **fresh)
    _note("sent_again", letter, by=by, now=now, was=letter.state, attempts=letter.attempts)
    return True


def readdress(letter: Letter, address: str, *, by: str, now: datetime) -> None:
    """Send it to this address instead, now. Raises what `check_readdressable` and `goes_again` do."""
    standing = replace(_standing(letter), address=address)
    if letter.channel != Channel.MAIL:
        raise NotFound("letter")
    check_readdressable(standing)
    if letter.address == address and standing.state is LetterState.QUEUED:
        return
    if letter.address != address:
        _note("readdressed", letter, by=by, now=now)
    if not send_again(letter, address, by=by, now=now):
        _requeue(letter, now=now, address=address)


def note_bounce(letter: Letter, *, came_back: bool, by: str, now: datetime) -> bool:
    """Note that a letter came back, or that it did not after all; False when that is noted already.

    Raises Refused("mending.not_sent") for one that never went out.
    """
    if letter.state != LetterState.SENT or letter.channel != Channel.MAIL:
        raise Refused("mending.not_sent")
    if (letter.bounced_at is not None) == came_back:
        return False
    letter.bounced_at, letter.bounced_by = (now, by) if came_back else (None, None)
    _note("bounced" if came_back else "bounce_withdrawn", letter, by=by, now=now)
    return True


def _standing(letter: Letter) -> Standing:
    return Standing(
        LetterState(letter.state),
        letter.bounced_at is not None,
        letter.trouble == OVERTAKEN,
        letter.address,
        Channel(letter.channel),
        letter.expires_at,
    )


def _requeue(letter: Letter, *, now: datetime, **more: Any) -> None:
    """Claim by a conditional UPDATE: what was settled meanwhile is left alone."""
    values = {
        "state": str(LetterState.QUEUED),
        "posted_at": now,
        "due_at": now,
        "attempts": 0,
        "sent_at": None,
        "trouble": None,
        "bounced_at": None,
        "bounced_by": None,
    }
    still = (Letter.id == letter.id, Letter.state == letter.state)
    run(update(Letter).where(*still).values(**values, **more))


def _note(change: str, letter: Letter, *, by: str, now: datetime, **facts: object) -> None:
    about = {"campaign": letter.campaign_id, "kind": letter.kind, **facts}
    audit.record(f"letter.{change}", f"letter:{letter.id}", by=by, now=now, **about)
