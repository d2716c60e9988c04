"""Receive an upload: write it to the disk, recognise its kind by its bytes, have it read.

Call nothing here in a unit of work: a slow disk or a slow reader must not hold up other writers.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from eventreg.core import sandbox
from eventreg.core.archives import LOCKED, OLD_OFFICE, list_members
from eventreg.core.errors import Busy

from . import rules, store
from .file_names import file_name
from .reading import WAITING, ReadingResult, look_into
from .rules import FileKind

CHUNK = 1024 * 1024
log = logging.getLogger("eventreg.uploaded_files")


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file that is on the disk and has no row yet; `began` is when its request began."""

    id: str
    name: str
    kind: FileKind
    size: int
    sha256: str
    began: datetime
    reading: ReadingResult


def receive(
    stream: IO[bytes],
    name: str,
    *,
    began: datetime,
    allowed: Collection[FileKind] = tuple(FileKind),
    patience: float = sandbox.PATIENCE,
    for_page: bool = False,
) -> ReceivedFile:
    """Write an upload to the disk and have it read; a refused file is deleted.

    If no reader is free within `patience` seconds, a job reads it later. `for_page` asks for a copy that a page can show.
    Raises Refused: file.old_word, file.heic, file.kind, file.empty, file.too_big, file.ending_differs,
    file.encrypted, file.bomb, file.marks, file.cut, file.cut_picture, file.other_inside, file.not_word, file.macros, file.packed, and what `list_members` raises.
    Call it before the unit of work that stores its row.
    """
    named = rules.kind_of_name(name, allowed=allowed)
    file_id = store.new_id()
    with store.written(store.path_of(file_id)) as file:
        size, digest = _copied(stream, file)
        kind = _check(file, named, allowed=allowed)
    try:
        reading = look_into(file_id, kind, patience=patience, for_page=for_page)
    except Busy:
        log.info("files.read_later", extra={"file": file_id})
        reading = WAITING
    except BaseException:
        discard(file_id)
        raise
    return ReceivedFile(file_id, file_name(name), kind, size, digest, began, reading)


def discard(file_id: str) -> None:
    """Delete a file without a row, because it was refused after all."""
    store.path_of(file_id).unlink(missing_ok=True)
    store.copy_of(file_id).unlink(missing_ok=True)


def _copied(stream: IO[bytes], file: IO[bytes]) -> tuple[int, str]:
    """Copy the upload; returns its size and SHA-256. Reads at most the allowed size and one chunk."""
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        rules.check_size(size)
        digest.update(chunk)
        file.write(chunk)
    return size, digest.hexdigest()


def _check(file: IO[bytes], named: FileKind, *, allowed: Collection[FileKind]) -> FileKind:
    """The kind of the file by its bytes, without unpacking or parsing."""
    file.seek(0)
    head = file.read(rules.HEAD)
    file.seek(0)
    locked = head.startswith(OLD_OFFICE) and _holds(file, LOCKED)
    kind = rules.kind_of_content(head, named, locked=locked, allowed=allowed)
    if kind is FileKind.DOCX:
        rules.check_word([member.filename for member in list_members(file)])
    return kind


def _holds(file: IO[bytes], mark: bytes) -> bool:
    """Whether a mark occurs in the rest of the file, also across two chunks."""
    last = b""
    while chunk := file.read(CHUNK):
        if mark in last + chunk:
            return True
        last = chunk[-len(mark) :]
    return False
