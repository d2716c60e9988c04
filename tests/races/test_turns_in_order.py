"""Writers write in the order in which they asked (law 2), and at most one of a process waits at the file."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread

import pytest

from eventreg.core import turn
from eventreg.core.errors import Busy
from eventreg.core.pace import Called
from eventreg.core.turn import AT_ONCE, Line, writers_turn
from tests.rig.forks import FORKS

WRITERS, ROUNDS = 12, 5
LONGEST = 20.0  # seconds that anybody waits for what has to come


def until(done: Callable[[], bool]) -> None:
    """Wait for something that has to come."""
    late = time.monotonic() + LONGEST
    while not done():
        assert time.monotonic() < late
        time.sleep(0.001)


def in_line(lock_file: Path) -> int:
    """How many of this process stand behind the one who writes."""
    return len(turn._lines[lock_file]._line)


def order_of_writing(lock_file: Path, asked: Callable[[Path], int] = in_line) -> list[int]:
    """Who wrote when, of writers that asked one after the other while somebody else wrote.

    `asked` tells how many have asked: the next one asks when it has seen the one before.
    """
    wrote: list[int] = []

    def write(number: int) -> None:
        with writers_turn(lock_file):
            wrote.append(number)

    threads = [Thread(target=write, args=(number,)) for number in range(WRITERS)]
    with writers_turn(lock_file):
        for number, thread in enumerate(threads):
            thread.start()
            until(lambda so_far=number + 1: asked(lock_file) == so_far)  # type: ignore[misc]
    for thread in threads:
        thread.join(timeout=LONGEST)
    return wrote


def test_they_write_in_the_order_in_which_they_asked(tmp_path: Path) -> None:
    rounds = [order_of_writing(tmp_path / "write.lock") for _ in range(ROUNDS)]

    assert rounds == [list(range(WRITERS))] * ROUNDS


class Apart(dict[Path, Line]):
    """A line of her own for each who asks."""

    def setdefault(self, key: Path, default: Line) -> Line:
        return default


@pytest.mark.parametrize(("lines", "at_the_file"), [(dict, 1), (Apart, WRITERS)])
def test_one_of_them_waits_at_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: type[dict[Path, Line]], at_the_file: int
) -> None:
    """The second row is the control: nobody stands in line before the file."""
    queue, waiting, most = turn._queue, list[int](), [1]
    monkeypatch.setattr(turn, "_lines", lines())
    monkeypatch.setattr(Line, "_is_next_here", lambda *_: False)  # the file is let go after each

    def counted(turnstile: int, descriptor: int, *, since: float, wait: bool) -> None:
        waiting.append(turnstile)
        most.append(len(waiting))
        queue(turnstile, descriptor, since=since, wait=wait)
        waiting.remove(turnstile)

    monkeypatch.setattr(turn, "_queue", counted)
    order_of_writing(tmp_path / "write.lock", in_line if lines is dict else lambda _: len(waiting))

    assert max(most) == at_the_file


class Asking:
    """Writers of a process who ask when they are told to, and write their names into one file."""

    def __init__(self, lock_file: Path) -> None:
        self.lock_file, self.book = lock_file, lock_file.with_suffix(".book")
        self.threads: list[Thread] = []

    behind_a_writer = False  # of this very process

    def ask(self, name: str) -> None:
        """Let one ask; come back when she stands in line, at the file or behind who stands there.

        Who has a "+" in her name writes until somebody of the other process stands at the file.
        """
        asks = len(self.threads) + 1
        self.threads.append(Thread(target=self._write, args=(name,)))
        self.threads[-1].start()
        until(lambda: self._in_line() == asks)

    def _in_line(self) -> int:
        first = self._somebody_at_the_file() and not self.behind_a_writer
        return first + len(turn._lines[self.lock_file]._line)

    def _somebody_at_the_file(self) -> bool:
        with self.lock_file.with_suffix(".gate").open("rb") as gate:
            return turn._said(gate.fileno()) != turn.NOBODY

    def _write(self, name: str) -> None:
        with writers_turn(self.lock_file), self.book.open("a") as book:
            book.write(f"{name} ")
            if "+" in name:
                until(self._somebody_at_the_file)

    def finish(self) -> None:
        for thread in self.threads:
            thread.join(timeout=LONGEST)


def other_process(lock_file: Path, told: Connection) -> None:
    """Let writers ask by the names that come, until None does. They may follow each other at once."""
    turn.AHEAD, turn._lines[lock_file], asking = 0.0, Line(), Asking(lock_file)
    while (name := told.recv()) is not None:
        asking.ask(name)
        told.send("asked")
    asking.finish()


@pytest.mark.parametrize("in_order", [True, False])
def test_two_processes_write_in_the_order_in_which_their_writers_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_order: bool
) -> None:
    """False is the control: a process that lets the file go after each lets others pass who asked later."""
    monkeypatch.setattr(turn, "AHEAD", 0.0)
    if not in_order:
        monkeypatch.setattr(Line, "_is_next_here", lambda *_: False)
    asks = ["a1", "a2", "b1+", "a3+", "b2", "a4"] if in_order else ["a1", "a2", "b1", "a3", "b2", "a4"]
    lock_file = tmp_path / "write.lock"
    here, there = FORKS.Pipe()
    other = FORKS.Process(target=other_process, args=(lock_file, there), daemon=True)
    asking = Asking(lock_file)
    asking.behind_a_writer = True
    with ExitStack() as writing:
        writing.enter_context(writers_turn(lock_file))
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


@pytest.mark.parametrize(("later", "handed_on"), [(turn.AHEAD / 2, False), (turn.AHEAD * 2, True)])
def test_the_file_is_handed_on_when_somebody_there_asked_enough_later(
    tmp_path: Path, later: float, handed_on: bool
) -> None:
    line, called, gate = Line(), Called(), tmp_path / "write.gate"
    line._line.append(called)
    gate.write_bytes(turn.SINCE.pack(called.since + later))

    with gate.open("rb") as there:
        assert line._is_next_here(there.fileno()) is handed_on


def test_who_died_at_the_file_holds_up_nobody(tmp_path: Path) -> None:
    """What it said there stays, and is older than everybody: the file is let go, and taken again at once."""
    lock_file = tmp_path / "write.lock"
    with writers_turn(lock_file):
        pass
    lock_file.with_suffix(".gate").write_bytes(turn.SINCE.pack(0.5))

    assert order_of_writing(lock_file) == list(range(WRITERS))


def test_who_does_not_want_to_wait_is_told_at_once(tmp_path: Path) -> None:
    with writers_turn(tmp_path / "write.lock"):
        begun = time.monotonic()
        with pytest.raises(Busy), writers_turn(tmp_path / "write.lock", patience=AT_ONCE):
            pass

    assert time.monotonic() - begun < 1


def test_who_waited_too_long_leaves_the_line_and_holds_up_nobody(tmp_path: Path) -> None:
    lock_file = tmp_path / "write.lock"
    with writers_turn(lock_file), pytest.raises(Busy), writers_turn(lock_file, patience=0.05):
        pass
    with writers_turn(lock_file, patience=AT_ONCE):
        pass
