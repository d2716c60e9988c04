"""Where files lie: under random ids, in 256 folders, each written once and never changed.

A file is on the disk, whole, before a row tells of it. So there is no row without its file, whenever the
power fails; what no row tells of is swept away when it is a day old.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from flask import current_app

from eventreg.core.files import private_folder, sync_folder

LIFE = timedelta(days=1)  # of a file that no row tells of
COPY = ".copy"  # what judges get lies beside the original


def new_id() -> str:
    """128 random bits: nobody guesses it, and no name of anybody's stands in it."""
    return secrets.token_hex(16)


def folder() -> Path:
    """The installation's folder of files, shared where several hosts serve."""
    return Path(current_app.extensions["eventreg.settings"].instance) / "files"


def path_of(file_id: str) -> Path:
    """Where a file lies."""
    return folder() / file_id[:2] / file_id


def copy_of(file_id: str) -> Path:
    """Where its copy without metadata lies, if one could be made."""
    return path_of(file_id + COPY)


@contextlib.contextmanager
def written(path: Path) -> Iterator[IO[bytes]]:
    """A new file of ours alone (0600), on the disk with its name when the block ends, gone when it fails."""
    private_folder(folder())
    private_folder(path.parent)
    try:
        with os.fdopen(
            os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w+b"
        ) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        for named in (path.parent, folder(), folder().parent):
            sync_folder(named)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def write_copy(file_id: str, content: IO[bytes]) -> None:
    """Put a copy beside a file in one step, also with two writers."""
    draft = path_of(new_id())
    with written(draft) as file:
        shutil.copyfileobj(content, file)
    draft.replace(copy_of(file_id))
    sync_folder(path_of(file_id).parent)


def list_old(*, now: datetime) -> list[Path]:
    """Files that lie there for longer than LIFE, copies too; by name."""
    before = (now - LIFE).timestamp()
    found: list[Path] = []
    for path in sorted(folder().glob("??/*")):
        with contextlib.suppress(FileNotFoundError):  # somebody else sweeps too
            found += [path] if path.stat().st_mtime < before else []
    return found


def sweep(old: Collection[Path], *, known: Collection[str]) -> int:
    """Delete those of these files whose id is not among the known; returns how many."""
    lost = [path for path in old if path.name.removesuffix(COPY) not in known]
    for path in lost:
        path.unlink(missing_ok=True)
    return len(lost)
