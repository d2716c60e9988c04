"""Files that hold secrets or must not be half-written."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from .errors import Unusable

ROOT = 0  # root may write everywhere; in a container it works in folders of other users


def private_folder(path: Path) -> Path:
    """The folder, made for us alone (0700), writable; raises Unusable where it cannot be."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = path.stat().st_uid
        if owner == os.geteuid():
            path.chmod(0o700)  # a folder from a checkout is readable by all
    except OSError as error:
        raise Unusable(
            f"The folder {path} cannot be made or kept private ({error.strerror}): "
            "set EVENTREG_INSTANCE to a folder of our own."
        ) from error
    if os.geteuid() not in {owner, ROOT}:
        raise Unusable(
            f"The folder {path} belongs to another account (uid {owner}), which could read the keys: "
            "set EVENTREG_INSTANCE to a folder of our own, or give us this one with chown."
        )
    if not os.access(path, os.W_OK | os.X_OK):
        raise Unusable(f"The folder {path} is not writable: set EVENTREG_INSTANCE to one that is.")
    return path


def private_file(path: Path) -> None:
    """Make an empty file that only we can read (0600), if there is none, for a new database.

    If others can read an existing file of ours, its mode is corrected. SQLite gives its -wal and -shm files the mode of
    the database. Raises Unusable where it cannot be written.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Unusable(f"The file {path} cannot be written ({error.strerror}).") from error
    os.close(descriptor)
    close_to_others(path)


def close_to_others(path: Path) -> bool:
    """Set a file's mode to 0600; True when others had access."""
    found = path.stat()
    if found.st_uid != os.geteuid() or not stat.S_IMODE(found.st_mode) & 0o077:
        return False
    path.chmod(0o600)
    return True


def write_once(path: Path, content: bytes) -> bool:
    """Write a 0600 file unless it exists; atomically, also with several writers.

    Returns True for the one writer whose content it now holds: `link` either makes the name or
    says that somebody else was first.
    """
    draft = _draft(path, content)
    try:
        os.link(draft, path)
        return True
    except FileExistsError:
        return False
    finally:
        draft.unlink()


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file in one step, readable by us alone."""
    draft = _draft(path, content)
    with contextlib.suppress(FileNotFoundError):
        draft.replace(path)


@contextlib.contextmanager
def writing_whole(path: Path) -> Iterator[BinaryIO]:
    """A file to write piece by piece: it takes the place of `path` in one step at the end, or leaves nothing behind."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _draft(path: Path, content: bytes) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        draft.unlink()  # on a full disk, drafts must not make it fuller
        raise
    return draft


def sync_folder(path: Path) -> None:
    """Sync a folder, so that a file that was just made in it survives a power failure."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
