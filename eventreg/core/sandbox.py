"""A sandbox: a child process with little memory and time reads untrusted files and typesets documents.

The parent calls `run`: the child gets the file as its standard input, an empty environment, an empty temporary
folder, and no other descriptor. The child calls `confine` before it reads the first byte.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Self

from eventreg.config import PROJECT

from . import request_slots
from .errors import Busy

MEMORY = 512 * 1024 * 1024
SECONDS = 5
OUTPUT_MOST = 64 * 1024 * 1024  # bytes of a child's output, which the parent has to store
FILES_OPEN = 64
PATIENCE = 3.0  # seconds to wait for one of them
LOADER = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")  # where a Python of some installations finds itself
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000  # flags of Linux's unshare(2)


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """What a child may use: bytes of address space, seconds of processor time, bytes of a file it writes.

    `wall` is how many seconds the parent waits for the child: more than `seconds` where the child has a low priority
    and may have to wait for a core.

    `threads` allows new threads. Linux counts threads together with all processes of the same user, so without it
    only root can start one. `nice` lowers the child's priority below the processes that answer requests.
    """

    memory: int = MEMORY
    seconds: int = SECONDS
    output: int = OUTPUT_MOST
    threads: bool = False
    nice: int = 0
    wall: float = SECONDS


READING = SandboxLimits()
TYPESETTING = SandboxLimits(
    seconds=10, threads=True, nice=10, wall=30
)  # requests have priority: a document takes 0.2 s of a core, and waits for it while all cores are busy


class SandboxSlots:
    """So many children at once, and so many requests that wait for one.

    Each request that waits holds a thread: without the second bound, one visitor who asks for many documents would take
    them all, and nobody would get a page.
    """

    def __init__(self, at_once: int, *, waiting: int = 16) -> None:
        self._turns = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(at_once + waiting)

    @contextlib.contextmanager
    def taken(self, *, patience: float) -> Iterator[None]:
        """A turn for the block. Raises Busy at once where too many wait, and where none came in `patience` seconds."""
        if not self._places.acquire(blocking=False):
            raise Busy("too many wait for a child")
        try:
            if not self._turns.acquire(timeout=patience):
                raise Busy("too many children are at work")
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._places.release()


CHILDREN = SandboxSlots(2)  # of one process of ours


@dataclass(frozen=True, slots=True)
class SandboxResult:
    """The exit status of a child and its output; a context manager that closes the output."""

    status: int
    output: IO[bytes]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.output.close()


def confine(limits: SandboxLimits = READING) -> None:
    """Limit this process for good: memory, processor time, what it writes, new processes, and no network."""
    _leave_the_network()
    os.nice(limits.nice)
    most = {
        resource.RLIMIT_AS: limits.memory,
        resource.RLIMIT_CPU: limits.seconds,
        resource.RLIMIT_FSIZE: limits.output,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: FILES_OPEN,
    }
    if not limits.threads:
        most[resource.RLIMIT_NPROC] = 0
    for limit, value in most.items():
        with contextlib.suppress(ValueError):  # a stricter one is in force already
            resource.setrlimit(limit, (value, value))


def _leave_the_network() -> None:
    """Move into a network namespace without any interface, where the system allows it (Linux).

    Root may do so directly, others in a user namespace. Where neither is allowed the child keeps the network;
    then only the fact that none of our readers and templates uses it protects.
    """
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    if unshare is not None and unshare(NEW_NETWORK):
        unshare(NEW_USER | NEW_NETWORK)


def run(
    module: str,
    *arguments: str,
    file: IO[bytes],
    seconds: float = SECONDS,
    patience: float = PATIENCE,
    children: SandboxSlots = CHILDREN,
) -> SandboxResult:
    """Run one of our modules on an open file, from its beginning; killed after `seconds` of wall time.

    Raises Busy when `children` allows none for `patience` seconds, or too many wait for one. The caller's
    slot (`request_slots`) is released, so that other requests do not wait for seconds.
    """
    request_slots.release_slot()
    with children.taken(patience=patience):
        output = tempfile.TemporaryFile()  # noqa: SIM115  (whoever asked reads it)
        try:
            return SandboxResult(_status([module, *arguments], file, output, seconds), _rewound(output))
        except BaseException:
            output.close()
            raise


def _status(program: list[str], file: IO[bytes], output: IO[bytes], seconds: float) -> int:
    """The exit status: 0 if the child ended by itself without an error."""
    file.flush()
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    with tempfile.TemporaryDirectory(prefix="eventreg-") as folder:
        child = subprocess.Popen(  # noqa: S603  (our own program; the file comes by its standard input)
            [sys.executable, "-s", "-m", *program],
            stdin=file,
            stdout=output,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=_environment(folder),
            start_new_session=True,
        )
        try:
            return child.wait(seconds)
        except BaseException as error:
            child.kill()
            ended = child.wait()
            if isinstance(error, subprocess.TimeoutExpired):
                return ended or 1
            raise


def _environment(folder: str) -> dict[str, str]:
    """An environment without our variables: they hold passwords of mail servers and databases."""
    kept = {name: os.environ[name] for name in LOADER if name in os.environ}
    fixed = {"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(PROJECT), "TMPDIR": folder}
    threads = {"RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}  # each thread takes 64 MB of address space
    return {**fixed, **threads, **kept}


def _rewound(file: IO[bytes]) -> IO[bytes]:
    file.seek(0)
    return file
