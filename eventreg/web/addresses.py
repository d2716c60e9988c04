"""Addresses of our pages, remembered: a page names some twenty, and building one costs as much as a small query."""

from __future__ import annotations

import flask
from flask import current_app, request

KEPT = "eventreg.addresses"
MOST = 4_096


def url_for(endpoint: str, **values: object) -> str:
    """As flask.url_for; what was built before for the same prefix, endpoint and values is not built again."""
    kept: dict[object, str] = current_app.extensions.setdefault(KEPT, {})
    key = (request.script_root, endpoint, *values.items())
    found = kept.get(key)
    if found is None or endpoint.startswith("."):
        found = flask.url_for(endpoint, **values)  # type: ignore[arg-type]
        if len(kept) >= MOST:
            kept.clear()
        kept[key] = found
    return found
