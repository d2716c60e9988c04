"""Copy files with their SHA-256, each synced to the disk."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from eventreg.core.files import sync_folder

BLOCK = 1024 * 1024
FOLDERS = ("keys", "tls", "files")  # of an instance: what is not in its database


@dataclass(frozen=True, slots=True)
class BackupPart:
    """One file of a backup as it was written."""

    sha256: str
    size: int


@contextlib.contextmanager
def written(path: Path) -> Iterator[IO[bytes]]:
    """A new file (0600) in private folders, synced to the disk when the block ends."""
    _make_folder(path.parent)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _make_folder(path: Path) -> None:
    """Each of its parents too is ours alone: `parents=True` would leave them open."""
    if not path.is_dir():
        _make_folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)


def part_of(path: Path) -> BackupPart:
    """What a file holds now."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            size += len(block)
    return BackupPart(digest.hexdigest(), size)


def copied(source: Path, target: Path) -> BackupPart:
    """Copy one file; returns the size and hash of what was copied."""
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as file, written(target) as copy:
        while block := file.read(BLOCK):
            digest.update(block)
            size += copy.write(block)
    return BackupPart(digest.hexdigest(), size)


def list_files(instance: Path) -> list[Path]:
    """The files of an instance beside its database, without temporary ones."""
    found = [path for name in FOLDERS for path in (instance / name).rglob("*")]
    return sorted(path for path in found if path.is_file() and not path.name.startswith("."))


def collect(instance: Path, folder: Path, parts: dict[str, BackupPart]) -> None:
    """Copy files that are not in `parts` or were incomplete; a file that is deleted meanwhile is left out.

    It is called before and after the database is copied. Then every file that the database refers to is there: one that
    was deleted between the calls was copied by the first, one that was added by the second.
    """
    for path in list_files(instance):
        name = path.relative_to(instance).as_posix()
        with contextlib.suppress(FileNotFoundError):
            known = parts.get(name)
            if known is None or known.size != path.stat().st_size:
                parts[name] = copied(path, folder / name)


def put_back(folder: Path, instance: Path, parts: dict[str, BackupPart]) -> None:
    """Copy these parts into an instance, each in one step; existing files are left."""
    for name, part in sorted(parts.items()):
        target = instance / name
        if target.is_file() and part_of(target) == part:
            continue
        draft = target.with_name(f".{target.name}.restoring")
        copied(folder / name, draft)
        draft.replace(target)
    for name in FOLDERS:
        sync_all(instance / name)
    sync_folder(instance)


def sync_all(folder: Path) -> None:
    """Sync a folder and all folders in it, if it exists."""
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            sync_folder(path)
