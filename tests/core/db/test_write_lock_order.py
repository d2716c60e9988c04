"""Writers write in the order in which they asked (law 2), and at most one of a process waits at the file."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread

import pytest

from eventreg.core.db import write_lock
from eventreg.core.db.write_lock import AT_ONCE, WriterQueue, hold_write_lock
from eventreg.core.errors import Busy
from eventreg.core.request_slots import Waiter
from tests.rig.forks import FORKS

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
    return len(write_lock._queues[lock_file]._queue)


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


class Separate(dict[Path, WriterQueue]):
    """A queue of its own for each writer that asks."""

    def setdefault(self, key: Path, default: WriterQueue) -> WriterQueue:
        return default


@pytest.mark.parametrize(("queues", "at_the_file"), [(dict, 1), (Separate, WRITERS)])
def test_one_of_them_waits_at_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, queues: type[dict[Path, WriterQueue]], at_the_file: int
) -> None:
    """The second row is the control: nobody queues before the file."""
    wait_at_file, waiting, most = write_lock._wait_at_file, list[int](), [1]
    monkeypatch.setattr(write_lock, "_queues", queues())
    monkeypatch.setattr(WriterQueue, "_next_waits_here", lambda *_: False)  # the file is let go after each

    def counted(turnstile: int, descriptor: int, *, since: float, wait: bool) -> None:
        waiting.append(turnstile)
        most.append(len(waiting))
        wait_at_file(turnstile, descriptor, since=since, wait=wait)
        waiting.remove(turnstile)

    monkeypatch.setattr(write_lock, "_wait_at_file", counted)
    order_of_writing(tmp_path / "write.lock", queued if queues is dict else lambda _: len(waiting))

    assert max(most) == at_the_file


class Asking:
    """Writers of a process that ask when a test says so, and write their names into one file."""

    def __init__(self, lock_file: Path) -> None:
        self.lock_file, self.book = lock_file, lock_file.with_suffix(".book")
        self.threads: list[Thread] = []

    behind_a_writer = False  # of this very process

    def ask(self, name: str) -> None:
        """Let one ask; return when it waits, at the file or behind the thread that waits there.

        A writer with a "+" in its name writes until one of the other process waits at the file.
        """
        asks = len(self.threads) + 1
        self.threads.append(Thread(target=self._write, args=(name,)))
        self.threads[-1].start()
        until(lambda: self._queued() == asks)

    def _queued(self) -> int:
        first = self._somebody_at_the_file() and not self.behind_a_writer
        return first + len(write_lock._queues[self.lock_file]._queue)

    def _somebody_at_the_file(self) -> bool:
        with self.lock_file.with_suffix(".gate").open("rb") as gate:
            return write_lock._read_since(gate.fileno()) != write_lock.NOBODY

    def _write(self, name: str) -> None:
        with hold_write_lock(self.lock_file), self.book.open("a") as book:
            book.write(f"{name} ")
            if "+" in name:
                until(self._somebody_at_the_file)

    def finish(self) -> None:
        for thread in self.threads:
            thread.join(timeout=LONGEST)


def other_process(lock_file: Path, told: Connection) -> None:
    """Let writers ask by the names that come, until None does. They may follow each other at once."""
    write_lock.AHEAD, write_lock._queues[lock_file], asking = 0.0, WriterQueue(), Asking(lock_file)
    while (name := told.recv()) is not None:
        asking.ask(name)
        told.send("asked")
    asking.finish()


@pytest.mark.parametrize("in_order", [True, False])
def test_two_processes_write_in_the_order_in_which_their_writers_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_order: bool
) -> None:
    """False is the control: a process that lets the file go after each lets others pass who asked later."""
    monkeypatch.setattr(write_lock, "AHEAD", 0.0)
    if not in_order:
        monkeypatch.setattr(WriterQueue, "_next_waits_here", lambda *_: False)
    asks = ["a1", "a2", "b1+", "a3+", "b2", "a4"] if in_order else ["a1", "a2", "b1", "a3", "b2", "a4"]
    lock_file = tmp_path / "write.lock"
    here, there = FORKS.Pipe()
    other = FORKS.Process(target=other_process, args=(lock_file, there), daemon=True)
    asking = Asking(lock_file)
    asking.behind_a_writer = True
    with ExitStack() as writing:
        writing.enter_context(hold_write_lock(lock_file))
        other.start()
        for name in asks:
            if name.startswith("a"):
                asking.ask(name)
            else:
                here.send(name)
                assert here.recv() == "asked"
        here.send(None)
    asking.finish()
    other.join(timeout=LONGEST)

    wrote = asking.book.read_text().split()
    assert sorted(wrote) == sorted(asks)
    assert wrote == asks if in_order else wrote[0] == "b1"
    assert other.exitcode == 0


@pytest.mark.parametrize(
    ("later", "handed_on"), [(write_lock.AHEAD / 2, False), (write_lock.AHEAD * 2, True)]
)
def test_the_file_is_handed_on_when_somebody_there_asked_enough_later(
    tmp_path: Path, later: float, handed_on: bool
) -> None:
    queue, waiter, gate = WriterQueue(), Waiter(), tmp_path / "write.gate"
    queue._queue.append(waiter)
    gate.write_bytes(write_lock.SINCE.pack(waiter.since + later))

    with gate.open("rb") as there:
        assert queue._next_waits_here(there.fileno()) is handed_on


def test_who_died_at_the_file_holds_up_nobody(tmp_path: Path) -> None:
    """What it said there stays, and is older than everybody: the file is let go, and taken again at once."""
    lock_file = tmp_path / "write.lock"
    with hold_write_lock(lock_file):
        pass
    lock_file.with_suffix(".gate").write_bytes(write_lock.SINCE.pack(0.5))

    assert order_of_writing(lock_file) == list(range(WRITERS))


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
