"""Erasures on request, noted beside the database: a backup that was made before one brings the values back.

`erasures.jsonl` in the instance folder holds a person's id, their mark and an instant a line, and nothing else. It is not part
of a backup. The mark is a hash of the staff number: a restored database may give the id to somebody else.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

NAME = "erasures.jsonl"
log = logging.getLogger("eventreg.privacy")


@dataclass(frozen=True, slots=True)
class NotedErasure:
    """An erasure as it stands in the file."""

    person_id: int
    mark: str
    at: datetime


def note(instance: Path, person_id: int, *, mark: str, at: datetime) -> None:
    """Add a line, on the disk before this returns."""
    descriptor = os.open(instance / NAME, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        whole = file.read()
        file.truncate(whole.rfind(b"\n") + 1)  # a kill may have cut the last line off
        file.write(json.dumps({"person": person_id, "mark": mark, "at": at.isoformat()}).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def list_noted(instance: Path) -> list[NotedErasure]:
    """Every erasure, the oldest first; a line that cannot be read is logged and left."""
    try:
        lines = (instance / NAME).read_bytes().splitlines()
    except FileNotFoundError:
        return []
    found = []
    for number, line in enumerate(lines, 1):
        try:
            said = json.loads(line)
            at = datetime.fromisoformat(said["at"])
            found.append(NotedErasure(int(said["person"]), str(said["mark"]), at))
        except (ValueError, KeyError, TypeError):
            log.exception("erasures.unreadable", extra={"file": NAME, "line": number})
    return found
