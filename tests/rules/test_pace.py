"""Turns in the order they were asked for, given up by who waits, and lost by nobody."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from eventreg.core.errors import Busy
from eventreg.core.pace import Pace, step_aside, working


def line_up(
    pace: Pace, who: list[str], came: list[str], leave: Callable[[Pace], None]
) -> list[threading.Thread]:
    """Threads that ask for a slot one after the other, each sure to be in the line before the next asks."""
    threads = []
    for name in who:
        waiting = len(pace._line)

        def ask(name: str = name) -> None:
            pace.enter()
            came.append(name)
            leave(pace)

        threads.append(threading.Thread(target=ask, daemon=True))
        threads[-1].start()
        while len(pace._line) == waiting:
            threading.Event().wait(0.001)
    return threads


def test_slots_are_given_in_the_order_they_were_asked_for() -> None:
    pace, came = Pace(1), list[str]()
    pace.enter()
    threads = line_up(pace, ["a", "b", "c"], came, lambda pace: pace.leave())
    pace.leave()
    for thread in threads:
        thread.join(timeout=10)

    assert came == ["a", "b", "c"]
    assert pace.enter(patience=0)


def test_nobody_passes_a_line_although_a_slot_is_free_for_a_moment() -> None:
    """The control of the order: without it, who asks at the right moment would be first."""
    pace, came = Pace(1), list[str]()
    pace.enter()
    threads = line_up(pace, ["a"], came, lambda _pace: None)
    pace.leave()

    assert not pace.enter(patience=0.01)
    threads[0].join(timeout=10)
    assert came == ["a"]


def test_who_waits_in_vain_leaves_the_line() -> None:
    pace = Pace(1)
    pace.enter()

    assert not pace.enter(patience=0.01)
    with pytest.raises(Busy), pace.slot(patience=0.01):
        raise AssertionError("there was no slot")
    pace.leave()
    assert pace.enter(patience=0)


def test_who_steps_aside_gives_her_slot_up_once() -> None:
    pace = Pace(1)
    with working(pace):
        step_aside()
        assert pace.enter(patience=0)
        step_aside()
        assert not pace.enter(patience=0.01)
    pace.leave()

    assert pace.enter(patience=0)
    assert not pace.enter(patience=0.01)


def test_a_slot_comes_back_after_an_error() -> None:
    pace = Pace(1)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), working(pace):
            raise ZeroDivisionError

    assert pace.enter(patience=0)
