"""Visitors of a server with two workers: whoever has too many sends some on, and every request is answered."""

from __future__ import annotations

import contextlib
import http.client
import os
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from eventreg.serving.balance import CLOSE, PLACES, WorkerLoadBoard, has_too_many
from tests.rig.running import PATIENCE, Running, running

FULL, LEAN = 24, 2  # visitors of either worker when the load begins
LOAD = 1.0  # seconds; they all stop at once, or who is soon done would leave one worker idle
EVEN = 6  # how many more than half may be with one worker afterwards
BUSY = ("-m", "tests.serving.slow_server")


@pytest.mark.parametrize(
    ("mine", "others", "too_many"),
    [
        (0, [0], False),
        (5, [0], False),  # soon done
        (6, [3], True),
        (6, [4], False),
        (20, [12], True),
        (16, [14], False),
        (20, [19, 17], True),
        (20, [], False),
        (500, [440], False),  # a part of them, when there are many
        (500, [430], True),
    ],
)
def test_too_many_is_clearly_more_than_another_has(mine: int, others: list[int], too_many: bool) -> None:
    assert has_too_many(mine, others) is too_many


def _says_close(board: WorkerLoadBoard) -> bool:
    said: list[tuple[str, str]] = []
    board.begin_answer(lambda _status, headers: said.extend(headers))("200 OK", [])
    return CLOSE in said


def _told_by_a_worker(board: WorkerLoadBoard, *, busy: int) -> bool:
    """Whether a fork of ours that takes its place and has so many requests says so."""
    child = os.fork()
    if child == 0:
        with contextlib.ExitStack() as stack:
            board.take_place()
            for _ in range(busy):
                stack.enter_context(board.working())
            os._exit(_says_close(board))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1


def test_who_has_died_or_is_no_worker_counts_for_nobody() -> None:
    board = WorkerLoadBoard()
    with board.working():  # the parent: it has no place
        assert _says_close(board) is False
    each_alone = [_told_by_a_worker(board, busy=20) for _ in range(3)]  # the ones before have died
    assert each_alone == [False] * 3

    board.take_place()  # now there is somebody who has nothing to do

    assert _told_by_a_worker(board, busy=20) is True
    assert _told_by_a_worker(board, busy=2) is False
    around_the_board = [_told_by_a_worker(board, busy=20) for _ in range(PLACES + 2)]  # past who lives
    assert all(around_the_board)


def _connected(product: Running) -> Counter[int]:
    """Open connections of visitors by worker."""
    parent = product.process.pid
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ours = {fields[9] for fields in lines if fields[1].endswith(f":{product.port:04X}") and fields[3] == "01"}
    found: Counter[int] = Counter()
    for worker in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        for entry in Path(f"/proc/{worker}/fd").iterdir():
            with contextlib.suppress(OSError):
                found[int(worker)] += str(entry.readlink()).removeprefix("socket:[").rstrip("]") in ours
    return found


def _ask(line: http.client.HTTPConnection) -> int:
    line.request("GET", "/sign-in")
    answer = line.getresponse()
    answer.read()
    return answer.status


def _fill_one_worker(product: Running) -> list[http.client.HTTPConnection]:
    """Kept connections, of which one worker has far more than the other."""
    lines: list[http.client.HTTPConnection] = []
    before = _settled(product, 0)  # whoever waited for the start has gone
    while len(lines) < FULL + LEAN:
        line = http.client.HTTPConnection("127.0.0.1", product.port, timeout=30)
        assert _ask(line) == 200
        now = _connected(product)
        (worker,) = now - before
        if now[worker] <= (FULL if worker == max(now) else LEAN):
            lines.append(line)
            before = now
        else:
            line.close()
            before = _settled(product, len(lines))
    return lines


def _settled(product: Running, count: int) -> Counter[int]:
    """Who is connected once a connection that was closed is gone."""
    until = time.monotonic() + PATIENCE
    while (now := _connected(product)).total() > count:
        assert time.monotonic() < until, f"{now.total()} are connected, not {count}"
        time.sleep(0.005)
    return now


def _greatest_share(product: Running) -> int:
    """How many of the visitors are with one worker after they all asked at once, again and again."""
    lines = _fill_one_worker(product)
    failed: list[int] = []
    until = time.monotonic() + LOAD

    def visit(line: http.client.HTTPConnection) -> None:
        while time.monotonic() < until:
            failed.extend(status for status in [_ask(line)] if status != 200)

    visitors = [threading.Thread(target=visit, args=(line,)) for line in lines]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join(timeout=60)
    assert failed == []
    assert [_ask(line) for line in lines] == [200] * len(lines)  # one by one: nobody is sent on now
    share = max(_settled(product, len(lines)).values())
    for line in lines:
        line.close()
    return share


def test_visitors_of_a_full_worker_spread_over_both(installed: Path) -> None:
    with running(installed, BUSY, workers="2") as product:
        assert _greatest_share(product) <= (FULL + LEAN) // 2 + EVEN


def test_a_server_that_sends_nobody_on_is_caught(installed: Path) -> None:
    with running(installed, (*BUSY, "alone"), workers="2") as product:
        assert _greatest_share(product) == FULL
