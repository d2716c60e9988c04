"""A thread that waits for an event wakes up whenever a signal handler sets it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from eventreg.serving.stopping import SignalEvent

ROUNDS = 400


@contextmanager
def an_alarm_sets(event: threading.Event) -> Iterator[None]:
    """SIGALRM's handler sets it, as granian's of SIGTERM does."""
    before = signal.signal(signal.SIGALRM, lambda *_: event.set())
    yield
    signal.signal(signal.SIGALRM, before)


def test_it_is_heard_whenever_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Soon after the wait began, or just before: a little later in each round."""
    monkeypatch.setattr(SignalEvent, "POLL", 0.0001)
    event, heard = SignalEvent(), 0
    with an_alarm_sets(event):
        for number in range(ROUNDS):
            event.clear()
            signal.setitimer(signal.ITIMER_REAL, 1e-6 * (1 + number))
            heard += event.wait(timeout=5)

    assert heard == ROUNDS


def test_who_waits_for_nothing_is_told_so() -> None:
    assert SignalEvent().wait(timeout=0.01) is False


def test_the_control_the_standard_one_would_wait_for_itself() -> None:
    """In the middle of its `wait` a handler that sets it finds the lock held by its own thread."""
    event = threading.Event()
    lock = vars(event)["_cond"]
    with lock:
        assert lock.acquire(blocking=False) is False
