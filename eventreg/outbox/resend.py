"""Letters that did not arrive: send one again, send it to another address, note that it bounced.

The caller says which letters may be touched: `mine` are ids of campaigns, None stands for all. Sign-in codes are
excluded: nobody may send one again or see where it went.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from eventreg.core.actor import Actor
from eventreg.core.db.session import db, run
from eventreg.core.errors import NotFound, Refused
from eventreg.core.trail import audit

from .models import Letter
from .rules import (
    OVERTAKEN,
    Channel,
    Lane,
    LetterState,
    ResendFacts,
    check_readdressable,
    goes_again,
)


def lock_letter(letter_id: int, *, mine: Sequence[int] | None) -> Letter:
    """The letter's row, locked and read anew. Raises NotFound for other campaigns' letters, codes and unknown ids."""
    where = [Letter.id == letter_id, Letter.lane != int(Lane.CODES)]
    if mine is not None:
        where.append(Letter.campaign_id.in_(mine))
    rows = select(Letter).where(*where).with_for_update().execution_options(populate_existing=True)
    letter = db.session.scalar(rows)
    if letter is None:
        raise NotFound("letter")
    return letter


def send_again(letter: Letter, address: str | None, *, actor: Actor) -> bool:
    """Queue a letter again with all its attempts; returns False while it is on its way or if it has arrived.

    Raises what `goes_again` does. A letter that bounced gets a new Message-ID, so that
    no mailbox drops it as a duplicate.
    """
    if not goes_again(replace(_standing(letter), address=address), now=actor.now):
        return False
    fresh = {"message_id": f"<{secrets.token_hex(16)}@eventreg.invalid>"} if letter.bounced_at else {}
    _requeue(letter, now=actor.now, address=address, **fresh)
    _note("sent_again", letter, actor=actor, was=letter.state, attempts=letter.attempts)
    return True


def readdress(letter: Letter, address: str, *, actor: Actor) -> None:
    """Send a letter to this address instead, now. Raises what `check_readdressable` and `goes_again` do."""
    standing = replace(_standing(letter), address=address)
    if letter.channel != Channel.MAIL:
        raise NotFound("letter")
    check_readdressable(standing)
    if letter.address == address and standing.state is LetterState.QUEUED:
        return
    if letter.address != address:
        _note("readdressed", letter, actor=actor)
    if not send_again(letter, address, actor=actor):
        _requeue(letter, now=actor.now, address=address)


def note_bounce(letter: Letter, *, came_back: bool, actor: Actor) -> bool:
    """Note that a letter bounced, or that it did not after all; returns False if that is noted already.

    Raises Refused("mending.not_sent") for one that never went out.
    """
    if letter.state != LetterState.SENT or letter.in_file or letter.channel != Channel.MAIL:
        raise Refused("mending.not_sent")
    if (letter.bounced_at is not None) == came_back:
        return False
    letter.bounced_at, letter.bounced_by = (actor.now, actor.audit_name) if came_back else (None, None)
    _note("bounced" if came_back else "bounce_withdrawn", letter, actor=actor)
    return True


def _standing(letter: Letter) -> ResendFacts:
    return ResendFacts(
        LetterState(letter.state),
        letter.bounced_at is not None,
        letter.trouble == OVERTAKEN,
        letter.address,
        Channel(letter.channel),
        letter.expires_at,
        letter.in_file,
    )


def _requeue(letter: Letter, *, now: datetime, **more: Any) -> None:
    """Requeue by a conditional UPDATE: a letter that was settled meanwhile stays as it is."""
    values = {
        "state": str(LetterState.QUEUED),
        "posted_at": now,
        "due_at": now,
        "attempts": 0,
        "sent_at": None,
        "trouble": None,
        "bounced_at": None,
        "bounced_by": None,
        "in_file": False,
    }
    unchanged = (Letter.id == letter.id, Letter.state == letter.state)
    run(update(Letter).where(*unchanged).values(**values, **more))


def _note(change: str, letter: Letter, *, actor: Actor, **facts: object) -> None:
    about = {"campaign": letter.campaign_id, "kind": letter.kind, **facts}
    audit.record(f"letter.{change}", f"letter:{letter.id}", actor=actor, **about)
