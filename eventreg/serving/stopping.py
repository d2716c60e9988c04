"""How processes of the product stop: a signal ends them at any moment, also while they start."""

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


class SignalEvent(threading.Event):
    """An event that a signal handler may set while the same thread waits for it.

    `threading.Event` takes a lock in `set` and in `wait`. A handler that runs in the thread that has just taken
    the lock would wait for itself for ever, and granian's parent would never stop.
    """

    POLL = 0.2  # seconds between two checks

    def __init__(self) -> None:
        super().__init__()
        self._set = False

    def is_set(self) -> bool:
        return self._set

    def set(self) -> None:
        self._set = True

    def clear(self) -> None:
        self._set = False

    def wait(self, timeout: float | None = None) -> bool:
        until = None if timeout is None else time.monotonic() + timeout
        while not self._set and (until is None or time.monotonic() < until):
            time.sleep(self.POLL)
        return self._set


def let_workers_stop() -> None:
    """Let a worker end at once when it gets a signal while it starts.

    It inherits its parent's handler, which only sets a flag that nothing in the worker reads; the parent
    would then wait LAST_ANSWERS for it. Once the worker serves, granian's own handler lets it finish.
    """
    stops = (signal.SIGTERM, signal.SIGINT)
    hold, release = (
        partial(signal.pthread_sigmask, how, stops) for how in (signal.SIG_BLOCK, signal.SIG_UNBLOCK)
    )

    def end_on_signal() -> None:
        for number in stops:
            signal.signal(number, signal.SIG_DFL)
        release()

    os.register_at_fork(before=hold, after_in_parent=release, after_in_child=end_on_signal)


def follow_parent() -> None:
    """End a worker whose parent was killed: nothing could stop it any more."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(LAST_ANSWERS)
        os.kill(os.getpid(), signal.SIGKILL)  # as its parent would have done


def leave(_signal: int, _frame: FrameType | None) -> Any:
    """Signal handler of a server without workers: SystemExit runs the clean-up of every open block."""
    raise SystemExit(0)
