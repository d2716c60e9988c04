"""A process that only ticks and sends, for harnesses that turn its clock; planted faults live here.

usage: python -m tests.reliability.ticking INSTANCE DATABASE_URL [FAULT]
It prints a line after each tick: when the tick began, by its own clock, and whether it led.
"""

from __future__ import annotations

import secrets
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import update

from eventreg import jobs
from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db import db
from eventreg.factory import create_app
from eventreg.season.reminders import making
from eventreg.season.reminders.models import ReminderRule

EVERY = 0.5  # seconds between two ticks


def main(instance: str, url: str, fault: str = "") -> None:
    """Tick until the harness ends us."""
    settings = Settings(instance=Path(instance), database_url=url, base_url="http://localhost")
    app = create_app(settings)
    FAULTS[fault]()
    vars(jobs)["tick"] = _telling(jobs.tick)
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

    def made(rule_id: int, *, now: datetime) -> making.Batch:
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
