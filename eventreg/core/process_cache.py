"""What this process keeps between requests: values that were read or rendered once, each under its version.

Each value is cached under a key that names the version it was made from, or for some seconds. A process with an empty
cache is slower and gives the same answers.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app

NAME = "eventreg.process_cache"


def cache_of(what: str) -> dict[Any, Any]:
    """The cache for one kind of value; its user bounds its size."""
    caches: dict[str, dict[Any, Any]] = current_app.extensions.setdefault(NAME, {})
    return caches.setdefault(what, {})


def put_bounded(cache: dict[Any, Any], key: object, value: object, *, most: int) -> None:
    """Store a value; a full cache is cleared first, so that each value is made once more."""
    if len(cache) >= most:
        cache.clear()
    cache[key] = value


def clear_all(app: Flask) -> None:
    """Clear every cache: the database was put back to another state, as tests do."""
    app.extensions.pop(NAME, None)
