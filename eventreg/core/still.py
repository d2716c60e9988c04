"""What was read and still holds: on SQLite nothing is read again while nothing was committed (ADR 26)."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from .db import is_writing, version_now, version_seen
from .kept import keep, kept

Thing = TypeVar("Thing")
MOST = 256  # things of one kind


def still(what: str, key: Hashable, read: Callable[[], Thing]) -> Thing:
    """What `read` gives; or gave, when nothing was committed to the database since then.

    The thing must be made of the database alone and never be changed. Where the database cannot tell, as
    PostgreSQL, and inside a unit of work, it is read each time.
    """
    now = None if is_writing() else version_now()
    if now is None:
        return read()
    box: dict[Any, Any] = kept(what)
    version, thing = box.get(key, (None, None))
    if version == now:
        found: Thing = thing
        return found
    made = read()
    # A transaction that was begun before may see less than was committed now: it counts from its beginning.
    if (seen := version_seen()) is not None:
        keep(box, key, (seen, made), most=MOST)
    return made
