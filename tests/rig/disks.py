"""A small disk of our own, in memory: only root may mount one, so who is not root is told and fails."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def small_disk(folder: Path, options: str) -> Iterator[Path]:
    """Mount a tmpfs with these options at a new folder; gone afterwards. Raises RuntimeError where it may not."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    mounted = subprocess.run(mount, check=False, capture_output=True, text=True)
    if mounted.returncode:
        raise RuntimeError(f"this mounts a small disk: run it as root, where that may be ({mounted.stderr})")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)
