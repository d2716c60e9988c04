"""The threads that send: a few workers for sign-in codes and for other mails, one for group robots."""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta
from functools import partial

from flask import Flask

from eventreg.chat import pacing
from eventreg.core.clock import utc_now
from eventreg.core.db.session import committed
from eventreg.core.errors import Busy
from eventreg.delivery.mail.mailer import Delivery
from eventreg.delivery.mail.traffic import Traffic
from eventreg.outbox import claims
from eventreg.outbox.rules import Lane

from .delivering import DeliverySlot, deliver_next, worker_name

log = logging.getLogger("eventreg.post")

IDLE = timedelta(seconds=15)  # seconds that a lane sleeps if nobody wakes it
LINGER = timedelta(seconds=3)  # seconds that an idle connection is kept
GRACE = timedelta(seconds=25)  # seconds that `stop` waits for letters that are being sent
LINES = {Lane.CODES: 3, Lane.ORDINARY: 4, Lane.ROBOTS: 1}  # connections of a process, opened when needed

__all__ = ["Sender", "deliver_next", "worker_name"]


class LineThread:
    """One worker of a lane: its thread, the event that wakes it, and whether it is idle."""

    def __init__(self, lane: Lane, number: int) -> None:
        self.lane, self.number = lane, number
        self.bell = threading.Event()
        self.is_idle = number > 0
        self.thread: threading.Thread


class Sender:
    """The workers of all lanes; they wake at commits of this process, and regularly by themselves.

    Only the first idle worker of a lane is woken; it wakes the next one if there is more than it may claim.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.worker = worker_name()
        self.stopping = False
        self.traffic = {lane: Traffic(LINES[lane]) for lane in Lane}
        self.lines = {lane: [LineThread(lane, n) for n in range(LINES[lane])] for lane in Lane}
        for line in self._all():
            name = f"post-{line.lane.name.lower()}-{line.number + 1}"
            line.thread = threading.Thread(target=self._run, args=(line,), name=name, daemon=True)
        self.threads = [line.thread for line in self._all()]

    def start(self) -> None:
        """Start the threads."""
        committed.connect(self.wake, weak=False)
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """Finish the letters being sent and end the threads."""
        self.stopping = True
        committed.disconnect(self.wake)
        for line in self._all():
            line.bell.set()
        until = time.monotonic() + GRACE.total_seconds()
        for thread in self.threads:
            thread.join(timeout=max(0.0, until - time.monotonic()))

    def wake(self, _sender: object = None) -> None:
        """Wake the lanes after a commit: there may be a letter.

        Commits of a lane's own worker do not wake it: without a server it would try one letter after the other instead of
        resting.
        """
        if threading.current_thread() in self.threads:
            return
        for lane in Lane:
            if not self._wake_next(lane):
                for line in self.lines[lane]:  # all workers are busy: the next one that is done looks again
                    line.bell.set()

    def _wake_next(self, lane: Lane) -> bool:
        """Wake the first idle worker of a lane; returns whether there was one."""
        for line in self.lines[lane]:
            if line.is_idle:
                line.bell.set()
                return True
        return False

    def _all(self) -> list[LineThread]:
        return [line for lane in Lane for line in self.lines[lane]]

    def _run(self, line: LineThread) -> None:
        if line.number:
            self._rest(line, IDLE.total_seconds())
        while not self.stopping:
            line.bell.clear()
            line.is_idle = False
            nap = self._round(line)
            line.is_idle = True
            self._rest(line, nap)
        self._hang_up()

    def _rest(self, line: LineThread, nap: float) -> None:
        """Wait until the worker is woken, or its sleep is over and no worker before it is idle. Its connection is kept for a
        moment."""
        linger = LINGER.total_seconds()
        rung = line.bell.wait(min(nap, linger))
        if not rung and nap > linger:
            self._hang_up()
            rung = line.bell.wait(nap - linger)
        while not rung and any(other.is_idle for other in self.lines[line.lane][: line.number]):
            rung = line.bell.wait(IDLE.total_seconds())

    def _round(self, line: LineThread) -> float:
        """Deliver due letters; returns the seconds to sleep afterwards."""
        slot = DeliverySlot(self.traffic[line.lane], line.number, partial(self._wake_next, line.lane))
        try:
            with self.app.app_context():
                while not self.stopping and deliver_next(
                    self.worker, line.lane, keep=True, stopping=lambda: self.stopping, slot=slot
                ):
                    pass
                paced = self._is_paced(line.lane)
        except Busy:
            return 1
        except Exception:
            log.exception("post.lane_failed", extra={"lane": line.lane.name})
            return 5
        return (LINGER if paced else IDLE).total_seconds()

    def _is_paced(self, lane: Lane) -> bool:
        """Whether a letter is due that only waits for the rate limit."""
        if lane is Lane.ROBOTS:
            return pacing.is_waiting(now=utc_now())
        return self._delivery.rate is not None and claims.is_due(lane, now=utc_now())

    @property
    def _delivery(self) -> Delivery:
        delivery: Delivery = self.app.extensions["eventreg.delivery"]
        return delivery

    def _hang_up(self) -> None:
        self._delivery.hang_up()
