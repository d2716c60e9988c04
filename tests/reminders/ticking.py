"""A process that only ticks and sends, for harnesses that turn its clock; planted faults live here.

usage: python -m tests.reminders.ticking INSTANCE DATABASE_URL REAL [FAULT]
It prints a line after each tick: when the tick began, by its own clock, and whether it led.
"""

from __future__ import annotations

import secrets
import signal
import sys
import time
from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, Self

from apscheduler.schedulers import base
from sqlalchemy import update

from eventreg import jobs
from eventreg.config import Settings
from eventreg.core import clock
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db
from eventreg.factory import create_app
from eventreg.reminders import making
from eventreg.reminders.models import ReminderRule

EVERY = 0.5  # seconds between two ticks
LOOK = 0.1  # seconds between two looks at the clock
LEAK = 60.0  # seconds around the machine's own time in which no turned clock stands


class Turned(datetime):
    """The turned clock, read again whenever libfaketime lets the machine's own time through.

    It does so to other threads for as long as one reads the clock's file.
    """

    real = 0.0  # what to add to the monotonic clock, which is not turned, for the machine's own time

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """The time as the harness set it."""
        read = super().now(tz)
        while abs(read.timestamp() - time.monotonic() - cls.real) < LEAK:
            read = super().now(tz)
        return read


def main(instance: str, url: str, real: str, fault: str = "") -> None:
    """Tick until the harness ends us. `real` is the machine's own time less its monotonic clock, in seconds."""
    Turned.real = float(real)
    for reader in (clock, base):
        vars(reader)["datetime"] = Turned
    settings = Settings(instance=Path(instance), database_url=url, base_url="http://localhost")
    app = create_app(settings)
    FAULTS[fault]()
    vars(jobs).update(tick=_telling(jobs.tick), LOOK=LOOK)
    jobs.start(app, every=EVERY)
    signal.pause()


def _telling(tick: Callable[..., bool]) -> Callable[..., bool]:
    def told(*args: Any, **how: Any) -> bool:
        began = utc_now()
        led = tick(*args, **how)
        sys.stdout.write(f"{began.isoformat()} {'led' if led else 'followed'}\n")
        sys.stdout.flush()
        return led

    return told


def _forgetful() -> None:
    """Planted fault: nothing tells a letter from the same one made before, nothing says that it was made."""
    make, key_of = making.make, making.key_of

    def key(rule_id: int, slot: datetime) -> str:
        return f"{key_of(rule_id, slot)}{secrets.token_hex(4)}:"

    def made(rule_id: int, *, now: datetime) -> making.ReminderBatch:
        batch = make(rule_id, now=now)
        again = update(ReminderRule).where(ReminderRule.id == rule_id, ReminderRule.progress == "made")
        db.session.flush()
        db.session.execute(again.values(progress="planned"))
        return batch

    vars(making).update(key_of=key, make=made)


def _deaf() -> None:
    """Planted fault: nobody notices that the clock was set."""
    vars(jobs)["_watch_clock"] = lambda *_args: None


FAULTS: dict[str, Callable[[], None]] = {"": lambda: None, "forgetful": _forgetful, "deaf": _deaf}

if __name__ == "__main__":
    main(*sys.argv[1:])
