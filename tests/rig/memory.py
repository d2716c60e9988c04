"""Where a test run lays its files: in memory, where the machine has a place for them there.

What the tests end is processes, never the power, so that a commit waits for a disk shows them nothing: it is
half the time of a test with a database, and to remove the files of a run from a disk takes a minute more.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

SHARED = Path("/dev/shm")  # noqa: S108  (folders in it are made by `tempfile`, with names of their own)
ROOM = 2 * 1024**3  # bytes; a run holds a few hundred MB at a time, and a container may have 64 MB in all


def folder() -> Path | None:
    """A file system in memory with room enough, where what a test writes may be run; None where there is none."""
    if not os.access(SHARED, os.W_OK):
        return None
    found = os.statvfs(SHARED)
    roomy = found.f_bavail * found.f_frsize >= ROOM
    return SHARED if roomy and not found.f_flag & os.ST_NOEXEC else None


def use() -> None:
    """Let temporary files of this process and of those it starts lie there; who asked for another place has it."""
    if "TMPDIR" not in os.environ and (found := folder()):
        os.environ["TMPDIR"] = tempfile.tempdir = str(found)
