"""Files handed in as a view does it, for the tests of nominations' files."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from eventreg.core import hostile
from eventreg.core.clock import utc_now
from eventreg.core.db import unit_of_work
from eventreg.nominations.files import receiving, service
from eventreg.nominations.files.service import FileFacts

NOW = utc_now()
HERS, THEIRS = 1, 2  # nominations


def hand_in(
    owner: int, content: bytes, name: str = "女神节.pdf", *, nomination: int = HERS, **how: Any
) -> FileFacts:
    """As a view does: received first, then kept in a unit of work."""
    received = receiving.receive(io.BytesIO(content), name, began=NOW, **how)
    with unit_of_work():
        return service.keep(received, nomination_id=nomination, owner_id=owner, by=f"person:{owner}", now=NOW)


@contextmanager
def everybody_reading() -> Iterator[None]:
    """As many children at work as there may be."""
    with hostile.CHILDREN, hostile.CHILDREN:
        yield


def copy_of(file: FileFacts) -> bytes:
    return service.stripped(file.id, within=[file.nomination_id]).read_bytes()
