"""The files folder: files have random ids, lie in 256 folders, and are written once and never changed.

A file is on the disk before its row is inserted, so there is no row without its file, even after a power failure.
A file without a row is deleted when it is a day old.
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

LIFE = timedelta(days=1)  # how long a file without a row is kept
COPY = ".copy"  # the copy for readers, beside the original or without it


def new_id() -> str:
    """A random id of 128 bits, which cannot be guessed and contains no name."""
    return secrets.token_hex(16)


def folder() -> Path:
    """The installation's folder of files; several hosts share it."""
    return Path(current_app.extensions["eventreg.settings"].instance) / "files"


def path_of(file_id: str) -> Path:
    """The path of a file."""
    return folder() / file_id[:2] / file_id


def copy_of(file_id: str) -> Path:
    """The path of a file's copy without metadata, if one could be made."""
    return path_of(file_id + COPY)


@contextlib.contextmanager
def written(path: Path) -> Iterator[IO[bytes]]:
    """A new file with mode 0600: synced to the disk when the block ends, deleted when the block fails."""
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
    """Store a copy beside a file in one step, also with two writers."""
    draft = path_of(new_id())
    with written(draft) as file:
        shutil.copyfileobj(content, file)
    draft.replace(copy_of(file_id))
    sync_folder(path_of(file_id).parent)


def ids_of(paths: Collection[Path]) -> set[str]:
    """The ids of files and copies."""
    return {path.name.removesuffix(COPY) for path in paths}


def list_old(*, now: datetime) -> list[Path]:
    """Files and copies that are older than LIFE, by name."""
    before = (now - LIFE).timestamp()
    found: list[Path] = []
    for path in sorted(folder().glob("??/*")):
        with contextlib.suppress(FileNotFoundError):  # another process deletes files too
            found += [path] if path.stat().st_mtime < before else []
    return found


def sweep(old: Collection[Path], *, known: Collection[str]) -> int:
    """Delete the files whose ids are not in `known`; returns how many."""
    lost = [path for path in old if path.name.removesuffix(COPY) not in known]
    for path in lost:
        path.unlink(missing_ok=True)
    return len(lost)
