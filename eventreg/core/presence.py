"""Who serves from an instance folder, told by a lock on a file in it: it ends with whoever holds it, however that ends.

The scheduler's lease tells the same of other hosts; but a server without a scheduler has none, and one that was
killed leaves it behind for a minute.
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
def serving(instance: Path) -> Iterator[None]:
    """Hold a share of the lock while the block lasts; workers that are forked from it share it.

    Raises Unusable while somebody has it alone.
    """
    with _opened(instance) as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unusable(f"A backup is being restored into {instance}: start when it is done.") from None
        yield


@contextmanager
def alone(instance: Path) -> Iterator[None]:
    """Have the whole lock while the block lasts. Raises Refused: backup.serving, while anybody serves."""
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
