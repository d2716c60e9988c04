"""How the product stops: whoever is told to, in whatever it is about to do, ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from functools import partial
from types import FrameType
from typing import Any

LAST_ANSWERS = 20  # seconds that a worker gets to finish


class Told(threading.Event):
    """An event that the handler of a signal sets, while its own thread waits for it.

    The standard one takes a lock for both. A handler that runs just as its thread has taken it to wait
    waits for itself, for ever: granian's parent would then never stop.
    """

    LOOK = 0.2  # seconds between two looks

    def __init__(self) -> None:
        super().__init__()
        self._told = False

    def is_set(self) -> bool:
        return self._told

    def set(self) -> None:
        self._told = True

    def clear(self) -> None:
        self._told = False

    def wait(self, timeout: float | None = None) -> bool:
        until = None if timeout is None else time.monotonic() + timeout
        while not self._told and (until is None or time.monotonic() < until):
            time.sleep(self.LOOK)
        return self._told


def let_workers_hear() -> None:
    """A worker that is told to stop while it still starts ends at once, however early.

    It inherits its parent's handler, which would only take a note that nobody in it reads; the parent
    would then wait LAST_ANSWERS for it. Once it serves, granian's own handler lets it finish.
    """
    stops = (signal.SIGTERM, signal.SIGINT)
    hold, release = (
        partial(signal.pthread_sigmask, how, stops) for how in (signal.SIG_BLOCK, signal.SIG_UNBLOCK)
    )

    def end_when_told() -> None:
        for number in stops:
            signal.signal(number, signal.SIG_DFL)
        release()

    os.register_at_fork(before=hold, after_in_parent=release, after_in_child=end_when_told)


def follow_parent() -> None:
    """A worker whose parent was killed ends too: nobody could stop it any more."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(LAST_ANSWERS)
        os.kill(os.getpid(), signal.SIGKILL)  # as its parent would have done


def leave(_signal: int, _frame: FrameType | None) -> Any:
    """The handler of who serves by itself: what is to be done at an end is done on the way out."""
    raise SystemExit(0)
