"""Writers write in the order in which they asked (law 2), and at most one of a process waits at the file."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from eventreg.core.db import write_lock
from eventreg.core.db.write_lock import AT_ONCE, hold_write_lock
from eventreg.core.errors import Busy
from eventreg.core.request_slots import FairSlots

pytestmark = pytest.mark.race

WRITERS, ROUNDS = 12, 5
LONGEST = 20.0  # seconds that anybody waits for what has to come


def until(done: Callable[[], bool]) -> None:
    """Wait for something that has to come."""
    late = time.monotonic() + LONGEST
    while not done():
        assert time.monotonic() < late
        time.sleep(0.001)


def queued(lock_file: Path) -> int:
    """How many threads of this process wait behind the one that writes."""
    return len(write_lock._lines[lock_file]._queue)


def order_of_writing(lock_file: Path, asked: Callable[[Path], int] = queued) -> list[int]:
    """Who wrote when, of writers that asked one after the other while somebody else wrote.

    `asked` tells how many have asked: the next one asks when it has seen the one before.
    """
    wrote: list[int] = []

    def write(number: int) -> None:
        with hold_write_lock(lock_file):
            wrote.append(number)

    threads = [Thread(target=write, args=(number,)) for number in range(WRITERS)]
    with hold_write_lock(lock_file):
        for number, thread in enumerate(threads):
            thread.start()
            until(lambda so_far=number + 1: asked(lock_file) == so_far)  # type: ignore[misc]
    for thread in threads:
        thread.join(timeout=LONGEST)
    return wrote


def test_they_write_in_the_order_in_which_they_asked(tmp_path: Path) -> None:
    rounds = [order_of_writing(tmp_path / "write.lock") for _ in range(ROUNDS)]

    assert rounds == [list(range(WRITERS))] * ROUNDS


class Separate(dict[Path, FairSlots]):
    """A queue of its own for each writer that asks."""

    def setdefault(self, key: Path, default: FairSlots) -> FairSlots:
        return default


@pytest.mark.parametrize(("queues", "at_the_file"), [(dict, 1), (Separate, WRITERS)])
def test_one_of_them_waits_at_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, queues: type[dict[Path, FairSlots]], at_the_file: int
) -> None:
    """The second row is the control: nobody queues before the file."""
    wait_at_file, waiting, most = write_lock._wait_at_file, list[int](), [1]
    monkeypatch.setattr(write_lock, "_lines", queues())

    def counted(turnstile: int, descriptor: int, *, wait: bool) -> None:
        waiting.append(turnstile)
        most.append(len(waiting))
        wait_at_file(turnstile, descriptor, wait=wait)
        waiting.remove(turnstile)

    monkeypatch.setattr(write_lock, "_wait_at_file", counted)
    order_of_writing(tmp_path / "write.lock", queued if queues is dict else lambda _: len(waiting))

    assert max(most) == at_the_file


def test_who_does_not_want_to_wait_is_told_at_once(tmp_path: Path) -> None:
    with hold_write_lock(tmp_path / "write.lock"):
        begun = time.monotonic()
        with pytest.raises(Busy), hold_write_lock(tmp_path / "write.lock", patience=AT_ONCE):
            pass

    assert time.monotonic() - begun < 1


def test_who_waited_too_long_leaves_the_line_and_holds_up_nobody(tmp_path: Path) -> None:
    lock_file = tmp_path / "write.lock"
    with hold_write_lock(lock_file), pytest.raises(Busy), hold_write_lock(lock_file, patience=0.05):
        pass
    with hold_write_lock(lock_file, patience=AT_ONCE):
        pass
