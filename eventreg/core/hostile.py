"""What strangers send is read, and what holds their words is set, by a process of its own with little memory and time.

The parent calls `run`: the child gets the file as its standard input, an empty environment, an empty
folder that is deleted afterwards, and no other descriptor. The child calls `confine` before it reads the first byte.
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
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Self

from eventreg.config import PROJECT

from . import request_slots
from .errors import Busy

MEMORY = 512 * 1024 * 1024
SECONDS = 5
OUTPUT_MOST = 64 * 1024 * 1024  # bytes: what a child writes, somebody else has to hold
FILES_OPEN = 64
CHILDREN = threading.BoundedSemaphore(2)  # of one process at once
PATIENCE = 3.0  # seconds to wait for one of them
LOADER = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")  # where a Python of some installations finds itself
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000  # flags of Linux's unshare(2)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: bytes of address space, seconds of processor time, bytes of a file it writes.

    `threads` is for libraries that begin threads of their own. Linux counts them together with all other
    processes of the same user, so without it none can be begun by anybody but root. `nice` is how much it
    yields to whoever answers requests.
    """

    memory: int = MEMORY
    seconds: int = SECONDS
    output: int = OUTPUT_MOST
    threads: bool = False
    nice: int = 0


READING = Limits()
SETTING = Limits(seconds=10, threads=True, nice=10)  # pages go first: a document takes 0.2 s of a core


@dataclass(frozen=True, slots=True)
class Ran:
    """How a child ended, and what it wrote until then; a context that gives the file back."""

    status: int
    output: IO[bytes]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.output.close()


def confine(limits: Limits = READING) -> None:
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
    """Move into a network of our own without any interface, where the system allows that (Linux).

    Root may do it at once, others in a user namespace. Where neither is allowed the child keeps the
    network; what holds there is that none of our readers and templates asks for it.
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
    turns: threading.Semaphore = CHILDREN,
) -> Ran:
    """Run one of our modules on an open file, from its beginning; killed after `seconds` of wall time.

    Raises Busy when `turns` allows none for `patience` seconds: so many are at work already. The caller's
    request slot is released: what takes seconds keeps nobody else waiting.
    """
    request_slots.release_slot()
    if not turns.acquire(timeout=patience):
        raise Busy("too many files are being read")
    try:
        output = tempfile.TemporaryFile()  # noqa: SIM115  (whoever asked reads it)
        try:
            return Ran(_status([module, *arguments], file, output, seconds), _rewound(output))
        except BaseException:
            output.close()
            raise
    finally:
        turns.release()


def _status(program: list[str], file: IO[bytes], output: IO[bytes], seconds: float) -> int:
    """0 when it ended by itself and well."""
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
    """Nothing of ours: passwords of mail servers and databases stand in it."""
    kept = {name: os.environ[name] for name in LOADER if name in os.environ}
    fixed = {"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(PROJECT), "TMPDIR": folder}
    threads = {"RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}  # each thread takes 64 MB of address space
    return {**fixed, **threads, **kept}


def _rewound(file: IO[bytes]) -> IO[bytes]:
    file.seek(0)
    return file
