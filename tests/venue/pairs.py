"""Two processes that are told the same thing at one instant, round by round."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier

from eventreg.config import Settings
from tests.rig.forks import FORKS

LONGEST = 20.0  # seconds that a process gets to end

# What a process does: with its settings, its token, its end of the pipe, the barrier of both, and whether a
# fault is planted. It says "ready", then answers each thing it is told, until that is None.
Play = Callable[[Settings, str, Connection, Barrier, bool], None]


@contextmanager
def a_pair(
    play: Play, settings: Settings, tokens: tuple[str, str], *, fault: bool
) -> Iterator[tuple[Connection, ...]]:
    """Our ends of their pipes, once both are ready."""
    barrier, pipes, processes = FORKS.Barrier(2), [], []
    for token in tokens:
        ours, theirs = FORKS.Pipe()
        process = FORKS.Process(target=play, args=(settings, token, theirs, barrier, fault), daemon=True)
        process.start()
        pipes.append(ours)
        processes.append(process)
    assert [pipe.recv() for pipe in pipes] == ["ready", "ready"]
    yield tuple(pipes)
    for pipe, process in zip(pipes, processes, strict=True):
        pipe.send(None)
        process.join(timeout=LONGEST)
        assert process.exitcode == 0
