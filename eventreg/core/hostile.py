"""What strangers send is read by a process of its own, with little memory and time (law 16).

The parent calls `run`: the child gets the file as its standard input, an empty environment and no
other descriptor. The child calls `confine` before it reads the first byte.
"""

from __future__ import annotations

import contextlib
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

from . import pace
from .errors import Busy

MEMORY = 512 * 1024 * 1024
SECONDS = 5
OUTPUT_MOST = 64 * 1024 * 1024  # bytes: what a child writes, somebody else has to hold
FILES_OPEN = 64
CHILDREN = threading.BoundedSemaphore(2)  # of one process at once
PATIENCE = 3.0  # seconds to wait for one of them
LOADER = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")  # where a Python of some installations finds itself


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


def confine(*, memory: int = MEMORY, seconds: int = SECONDS, output: int = OUTPUT_MOST) -> None:
    """Take this process's freedom away for good: memory, processor time, what it writes, new processes."""
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: output,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: FILES_OPEN,
        resource.RLIMIT_NPROC: 0,
    }
    for limit, most in limits.items():
        with contextlib.suppress(ValueError):  # a stricter one is in force already
            resource.setrlimit(limit, (most, most))


def run(
    module: str, *arguments: str, file: IO[bytes], seconds: float = SECONDS, patience: float = PATIENCE
) -> Ran:
    """Run one of our modules on an open file, from its beginning; killed after `seconds` of wall time.

    Raises Busy when too many are at work already for `patience` seconds. The caller's turn (`pace`)
    is given up: what takes seconds keeps nobody else waiting.
    """
    pace.step_aside()
    if not CHILDREN.acquire(timeout=patience):
        raise Busy("too many files are being read")
    output = tempfile.TemporaryFile()  # noqa: SIM115  (whoever asked reads it)
    try:
        return Ran(_status([module, *arguments], file, output, seconds), _rewound(output))
    except BaseException:
        output.close()
        raise
    finally:
        CHILDREN.release()


def _status(program: list[str], file: IO[bytes], output: IO[bytes], seconds: float) -> int:
    """0 when it ended by itself and well."""
    file.flush()
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    child = subprocess.Popen(  # noqa: S603  (our own program; the file comes by its standard input)
        [sys.executable, "-s", "-m", *program],
        stdin=file,
        stdout=output,
        stderr=subprocess.DEVNULL,
        cwd=PROJECT,
        env=_environment(),
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


def _environment() -> dict[str, str]:
    """Nothing of ours: passwords of mail servers and databases stand in it."""
    kept = {name: os.environ[name] for name in LOADER if name in os.environ}
    return {"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", **kept}


def _rewound(file: IO[bytes]) -> IO[bytes]:
    file.seek(0)
    return file
