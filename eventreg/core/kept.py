"""What this process keeps between requests: things read or drawn once, each under what it was made from.

Nothing here is the truth. Whatever is kept is kept under a key that names its version, or for seconds;
a process that forgets it all is slower and no different.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app

NAME = "eventreg.kept"


def kept(what: str) -> dict[Any, Any]:
    """The box of one kind of thing; its user bounds it."""
    boxes: dict[str, dict[Any, Any]] = current_app.extensions.setdefault(NAME, {})
    return boxes.setdefault(what, {})


def keep(box: dict[Any, Any], key: object, thing: object, *, most: int) -> None:
    """Put a thing into a box; a full box is emptied first, which costs one round of making anew."""
    if len(box) >= most:
        box.clear()
    box[key] = thing


def forget(app: Flask) -> None:
    """Empty every box: the database was put back to another state, as tests do."""
    app.extensions.pop(NAME, None)
