"""A cache of reads: on SQLite nothing is read again until something is committed (ADR 26)."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from eventreg.core.process_cache import cache_of, put_bounded

from .session import is_writing, version_now, version_seen

Value = TypeVar("Value")
MOST = 256  # values of one kind


def cached_until_commit(what: str, key: Hashable, read: Callable[[], Value]) -> Value:
    """What `read` returns; or returned before, if nothing was committed to the database since then.

    The value must depend on the database alone and must never be changed. On a database without a version
    number (PostgreSQL), and inside a unit of work, it is read each time.
    """
    now = None if is_writing() else version_now()
    if now is None:
        return read()
    cache: dict[Any, Any] = cache_of(what)
    version, value = cache.get(key, (None, None))
    if version == now:
        found: Value = value
        return found
    made = read()
    # A transaction that began before a commit does not see it: its reads have the version of its beginning.
    if (seen := version_seen()) is not None:
        put_bounded(cache, key, (seen, made), most=MOST)
    return made
