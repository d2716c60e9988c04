"""The outbox of a database that was put back: nothing goes until somebody has looked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update

from eventreg.core.db import run

from . import pausing
from .models import Lease, Letter
from .rules import OVERTAKEN, Lane, LetterState, Why


def stand_still(*, by: str, now: datetime) -> None:
    """Stop ordinary letters, whatever stopped them before; give back what nobody works on any more.

    Codes always go, so those that were still to go are withheld: they were asked for in another time.
    """
    back = {"state": str(LetterState.QUEUED), "claimed_by": None, "claimed_until": None}
    run(update(Letter).where(Letter.state == LetterState.CLAIMED).values(**back))
    codes = (Letter.lane == int(Lane.CODES), Letter.state == LetterState.QUEUED)
    run(update(Letter).where(*codes).values(state=str(LetterState.WITHHELD), sealed=None, trouble=OVERTAKEN))
    run(delete(Lease))
    pausing.resume(by=by, now=now)
    pausing.pause(Why.RESTORED, by=by, now=now)
