"""The switch of the ordinary lane: letters wait while it is off. Sign-in codes always go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from eventreg.core.actor import Actor
from eventreg.core.db.session import run
from eventreg.core.trail import audit

from .models import Postbox
from .rules import PauseReason


@dataclass(frozen=True, slots=True)
class PauseFacts:
    """A pause of letters: since when, who paused them ("person:7"), and why."""

    since: datetime
    by: str
    why: PauseReason


def find_pause() -> PauseFacts | None:
    """Whether ordinary letters are stopped now. Reads only."""
    row = run(select(Postbox.paused_at, Postbox.paused_by, Postbox.why)).one_or_none()
    if row is None or row[0] is None:
        return None
    return PauseFacts(row[0], row[1], PauseReason(row[2]))


def is_paused() -> bool:
    """Whether ordinary letters wait."""
    return find_pause() is not None


def pause(why: PauseReason, *, actor: Actor) -> bool:
    """Stop ordinary letters: none begins its way after the commit. False when they stood already."""
    off = update(Postbox).where(Postbox.paused_at.is_(None))
    stopped = run(
        off.values(paused_at=actor.now, paused_by=actor.audit_name, why=str(why)).returning(Postbox.id)
    ).first()
    if stopped is None:
        return False
    audit.record("letters.paused", "postbox:1", actor=actor, why=str(why))
    return True


def resume(*, actor: Actor) -> bool:
    """Let letters go on; what expired meanwhile is not sent. False when they were not stopped."""
    on = update(Postbox).where(Postbox.paused_at.is_not(None))
    going = run(on.values(paused_at=None, paused_by=None, why=None).returning(Postbox.id)).first()
    if going is None:
        return False
    audit.record("letters.resumed", "postbox:1", actor=actor)
    return True
