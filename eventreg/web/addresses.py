"""Addresses of our pages, remembered: a page names some twenty, and building one costs as much as a small query."""

from __future__ import annotations

import flask
from flask import request

from eventreg.core.process_cache import cache_of, put_bounded

MOST = 4_096


def url_for(endpoint: str, **values: object) -> str:
    """As flask.url_for; what was built before for the same prefix, endpoint and values is not built again."""
    box, key = cache_of("addresses"), (request.script_root, endpoint, *values.items())
    found: str | None = box.get(key)
    if found is None or endpoint.startswith("."):
        found = flask.url_for(endpoint, **values)  # type: ignore[arg-type]
        put_bounded(box, key, found, most=MOST)
    return found
