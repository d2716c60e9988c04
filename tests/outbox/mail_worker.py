"""A process that sends letters and may be killed; its minutes are short, and planted faults live here."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.connection import Connection
from typing import Any

from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.delivery import delivering, holding, sender
from eventreg.delivery.sender import Sender
from eventreg.factory import create_app
from eventreg.outbox import claims, rules
from eventreg.outbox.rules import Lane, SendOutcome
from tests.rig.forks import FORKS

CLAIM = timedelta(seconds=5)  # far above any pause of a loaded machine, far below a minute
STEPS = (0.003, 0.006)  # minutes between tries
BATCH = 5


class MailWorker:
    """One sending process, at once on its way up; `kill` is a SIGKILL."""

    def __init__(self, settings: Settings, fault: str = "") -> None:
        ours, theirs = FORKS.Pipe()
        self.process = FORKS.Process(target=_work, args=(settings, fault, theirs), daemon=True)
        self.process.start()
        theirs.close()
        self.pipe = ours

    def is_up(self, *, within: float = 0) -> bool:
        """Whether it has begun to send."""
        return self.pipe.poll(within)

    def kill(self) -> None:
        """Power cut: no handler runs, nothing is flushed."""
        if self.process.pid is None:
            raise AssertionError("the worker never ran")
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.join(timeout=20)
        self.pipe.close()


def _work(settings: Settings, fault: str, pipe: Connection) -> None:
    vars(rules)["STEPS"] = STEPS
    vars(claims)["CLAIM"], vars(holding)["RENEWED"] = CLAIM, CLAIM / 5
    vars(delivering)["BATCH"], vars(sender)["IDLE"] = dict.fromkeys(Lane, BATCH), timedelta(seconds=0.2)
    FAULTS[fault]()
    Sender(create_app(settings)).start()
    pipe.send("up")
    signal.pause()


def _honest() -> None:
    """Nothing planted."""


def _mark_before_send() -> None:
    """Planted fault: a letter counts as sent before the server has it, so that nobody gets it twice."""
    hand_over: Callable[..., Any] = vars(delivering)["_hand_over"]
    claim = claims.claim

    def noting(worker: str, *args: Any, **options: Any) -> Any:
        batch = claim(worker, *args, **options)
        workers.update({letter.id: worker for letter in batch})
        return batch

    def marked(letter: Any, **how: Any) -> Any:
        with unit_of_work():
            claims.settle(letter, SendOutcome.ACCEPTED, worker=workers[letter.id], now=utc_now())
        return hand_over(letter, **how)

    workers: dict[int, str] = {}
    vars(claims)["claim"] = noting
    vars(delivering)["_hand_over"] = marked


FAULTS: dict[str, Callable[[], None]] = {"": _honest, "mark_before_send": _mark_before_send}
