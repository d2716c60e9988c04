"""The outbox after a restore: no letter goes out until an administrator resumes sending."""

from __future__ import annotations

from sqlalchemy import delete, update

from eventreg.core.actor import Actor
from eventreg.core.db.session import run

from . import pausing
from .models import Lease, Letter
from .rules import OVERTAKEN, Lane, LetterState, PauseReason


def stop_letters(*, actor: Actor) -> None:
    """Pause ordinary letters, replacing an earlier pause, and release the claims of workers that no longer exist.

    A pause does not stop sign-in codes, so codes in the queue are withheld: they were requested before the backup.
    """
    back = {"state": str(LetterState.QUEUED), "claimed_by": None, "claimed_until": None}
    run(update(Letter).where(Letter.state == LetterState.CLAIMED).values(**back))
    codes = (Letter.lane == int(Lane.CODES), Letter.state == LetterState.QUEUED)
    run(update(Letter).where(*codes).values(state=str(LetterState.WITHHELD), sealed=None, trouble=OVERTAKEN))
    run(delete(Lease))
    pausing.resume(actor=actor)
    pausing.pause(PauseReason.RESTORED, actor=actor)
