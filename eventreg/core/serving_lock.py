"""Whether a server runs from an instance folder: servers hold a shared lock on a file in it.

The kernel releases the lock when its process ends, also when it was killed. The scheduler's lease shows the same
for other hosts; but a server without a scheduler has no lease, and a killed one leaves it behind for a minute.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import Refused, Unusable

FILE = "serving.lock"


@contextmanager
def hold_shared(instance: Path) -> Iterator[None]:
    """Hold the lock shared for the block; forked workers inherit it.

    Raises Unusable while another process holds it exclusively.
    """
    with _opened(instance) as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unusable(f"A backup is being restored into {instance}: start when it is done.") from None
        yield


@contextmanager
def hold_exclusive(instance: Path) -> Iterator[None]:
    """Hold the lock exclusively for the block. Raises Refused backup.serving while a server runs."""
    with _opened(instance) as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("backup.serving") from None
        yield


@contextmanager
def _opened(instance: Path) -> Iterator[int]:
    descriptor = os.open(instance / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
