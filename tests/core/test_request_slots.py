"""Slots are given in the order in which they were asked for, released by threads that wait, and never lost."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from eventreg.core.errors import Busy
from eventreg.core.request_slots import FairSlots, release_slot, request_slot


def line_up(
    slots: FairSlots, who: list[str], came: list[str], leave: Callable[[FairSlots], None]
) -> list[threading.Thread]:
    """Threads that ask for a slot one after the other, each sure to be in the line before the next asks."""
    threads = []
    for name in who:
        waiting = len(slots._queue)

        def ask(name: str = name) -> None:
            slots.enter()
            came.append(name)
            leave(slots)

        threads.append(threading.Thread(target=ask, daemon=True))
        threads[-1].start()
        while len(slots._queue) == waiting:
            threading.Event().wait(0.001)
    return threads


def test_slots_are_given_in_the_order_they_were_asked_for() -> None:
    slots, came = FairSlots(1), list[str]()
    slots.enter()
    threads = line_up(slots, ["a", "b", "c"], came, lambda slots: slots.leave())
    slots.leave()
    for thread in threads:
        thread.join(timeout=10)

    assert came == ["a", "b", "c"]
    assert slots.enter(patience=0)


def test_nobody_passes_a_line_although_a_slot_is_free_for_a_moment() -> None:
    """The control of the order: without it, who asks at the right moment would be first."""
    slots, came = FairSlots(1), list[str]()
    slots.enter()
    threads = line_up(slots, ["a"], came, lambda _slots: None)
    slots.leave()

    assert not slots.enter(patience=0.01)
    threads[0].join(timeout=10)
    assert came == ["a"]


def test_who_waits_in_vain_leaves_the_line() -> None:
    slots = FairSlots(1)
    slots.enter()

    assert not slots.enter(patience=0.01)
    with pytest.raises(Busy), slots.slot(patience=0.01):
        raise AssertionError("there was no slot")
    slots.leave()
    assert slots.enter(patience=0)


def test_who_steps_aside_gives_her_slot_up_once() -> None:
    slots = FairSlots(1)
    with request_slot(slots):
        release_slot()
        assert slots.enter(patience=0)
        release_slot()
        assert not slots.enter(patience=0.01)
    slots.leave()

    assert slots.enter(patience=0)
    assert not slots.enter(patience=0.01)


def test_a_slot_comes_back_after_an_error() -> None:
    slots = FairSlots(1)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), request_slot(slots):
            raise ZeroDivisionError

    assert slots.enter(patience=0)
