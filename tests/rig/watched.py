"""A product that is served, watched from outside: what its processes hold and spend."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Watch:
    """The served processes from outside: the most memory that any has held, in MiB."""

    pid: int
    peaks: dict[int, int] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        """Look a hundred times a second until it is over."""
        while not self.over.wait(0.01):
            for pid in _tree(self.pid):
                with contextlib.suppress(OSError, ValueError):
                    self.peaks[pid] = max(self.peaks.get(pid, 0), _peak(pid))

    def spent(self) -> float:
        """Processor seconds of the server's processes and of all their children that have ended."""
        return sum(_spent(pid) for pid in _tree(self.pid))


@contextlib.contextmanager
def watching(pid: int) -> Iterator[Watch]:
    """Look at a process and its children as long as the block lasts."""
    watch = Watch(pid)
    looking = threading.Thread(target=watch.look)
    looking.start()
    try:
        yield watch
    finally:
        watch.over.set()
        looking.join()


def _tree(pid: int) -> list[int]:
    """A process and all below it, as far as they are still there."""
    found, todo = [], [pid]
    while todo:
        found.append(todo.pop())
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{found[-1]}/task").iterdir():
                todo += [int(child) for child in (task / "children").read_text("utf-8").split()]
    return found


def _peak(pid: int) -> int:
    """The most that a process has held in memory, in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0) // 1024


def _spent(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS
