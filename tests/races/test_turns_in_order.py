"""Writers of one process write in the order in which they asked (law 2), and at most one waits at the file."""

from __future__ import annotations

import time
from pathlib import Path
from threading import Thread

import pytest

from eventreg.core import turn
from eventreg.core.errors import Busy
from eventreg.core.pace import Pace
from eventreg.core.turn import AT_ONCE, writers_turn

WRITERS, ROUNDS = 12, 5


def order_of_writing(lock_file: Path) -> list[int]:
    """Who wrote when, of writers that asked one after the other while somebody else wrote."""
    wrote: list[int] = []

    def write(number: int) -> None:
        with writers_turn(lock_file):
            wrote.append(number)

    threads = [Thread(target=write, args=(number,)) for number in range(WRITERS)]
    with writers_turn(lock_file):
        for thread in threads:
            thread.start()
            time.sleep(0.004)
    for thread in threads:
        thread.join(timeout=20)
    return wrote


def test_they_write_in_the_order_in_which_they_asked(tmp_path: Path) -> None:
    rounds = [order_of_writing(tmp_path / "write.lock") for _ in range(ROUNDS)]

    assert rounds == [list(range(WRITERS))] * ROUNDS


@pytest.mark.parametrize(("at_once", "at_the_file"), [(1, 1), (WRITERS + 1, WRITERS)])
def test_one_of_them_waits_at_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int, at_the_file: int
) -> None:
    """The second row is the control: a line that lets all of them through."""
    lock_file, queue, waiting, most = tmp_path / "write.lock", turn._queue, list[int](), list[int]()
    monkeypatch.setitem(turn._lines, lock_file, Pace(at_once))

    def counted(turnstile: int, descriptor: int, *, wait: bool) -> None:
        waiting.append(turnstile)
        most.append(len(waiting))
        queue(turnstile, descriptor, wait=wait)
        waiting.remove(turnstile)

    monkeypatch.setattr(turn, "_queue", counted)
    order_of_writing(lock_file)

    assert max(most) == at_the_file


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
