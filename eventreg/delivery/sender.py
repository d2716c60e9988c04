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

IDLE = timedelta(seconds=15)  # how long a lane sleeps when nobody wakes it
LINGER = timedelta(seconds=3)  # how long a line is kept for what may come
GRACE = timedelta(seconds=25)  # what the end waits for the letters in hand
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
    """The lines of all lanes; woken by this process's commits, and by themselves now and then.

    Of the idle lines of a lane only the first is woken: it wakes the next once there is more than it may take.
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
        """Something was committed: there may be a letter.

        Not so where a lane itself settled or gave back: without a server it would try the next letter
        at once, and the next, instead of resting.
        """
        if threading.current_thread() in self.threads:
            return
        for lane in Lane:
            if not self._wake_next(lane):
                for line in self.lines[lane]:  # all are at work: whoever is done looks once more
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
        """Until the line is woken, or its nap is over and no line before it is idle. Its connection is kept for a moment."""
        linger = LINGER.total_seconds()
        rung = line.bell.wait(min(nap, linger))
        if not rung and nap > linger:
            self._hang_up()
            rung = line.bell.wait(nap - linger)
        while not rung and any(other.is_idle for other in self.lines[line.lane][: line.number]):
            rung = line.bell.wait(IDLE.total_seconds())

    def _round(self, line: LineThread) -> float:
        """Deliver what is due; returns the seconds to sleep afterwards."""
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
