"""Free space on the disks that the product writes to, as far as this process can know."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

MIB = 1024 * 1024
FULL_BELOW = 1 * MIB  # free bytes: a change, its log and a journal page need some hundred kilobytes
LOW_BELOW = 64 * MIB  # two large uploads and a night of letters
REMEMBERED = 300.0  # seconds that a refused write of the database is remembered, where none succeeds

_refused_at: float | None = None


class DiskSpace(StrEnum):
    """The free space of a disk; `unknown` for a database server's disk that has refused no write lately."""

    OK = "ok"
    LOW = "low"
    FULL = "full"
    UNKNOWN = "unknown"


def room_at(folder: Path) -> DiskSpace:
    """The free space of the disk with this folder for this process's user; a reserve for root does not count."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return DiskSpace.UNKNOWN
    free = found.f_bavail * found.f_frsize
    if free < FULL_BELOW or (found.f_files and not found.f_favail):
        return DiskSpace.FULL
    return DiskSpace.LOW if free < LOW_BELOW else DiskSpace.OK


def worst(rooms: Iterable[DiskSpace]) -> DiskSpace:
    """The disk with the most serious state."""
    order = (DiskSpace.FULL, DiskSpace.LOW, DiskSpace.OK, DiskSpace.UNKNOWN)
    return min(rooms, key=order.index)


def note_refused() -> None:
    """Note that the database refused a write of this process for lack of space."""
    global _refused_at  # noqa: PLW0603  (one disk of the database for the process)
    _refused_at = time.monotonic()


def note_written() -> None:
    """Note that the database accepted a write of this process."""
    global _refused_at  # noqa: PLW0603
    _refused_at = None


def refused_lately() -> bool:
    """Whether the last write of this process was refused for lack of room, not long ago."""
    return _refused_at is not None and time.monotonic() - _refused_at < REMEMBERED
