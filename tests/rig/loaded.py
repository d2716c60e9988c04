"""What the process holds that others are forked from: the product, loaded and made once, nothing of it open."""

from __future__ import annotations

import tempfile
from pathlib import Path

import icalendar as _icalendar  # noqa: F401  (the first letter with a calendar entry would)

from eventreg.config import Settings
from eventreg.delivery import qr
from tests.conftest import close, make_app
from tests.rig import server  # noqa: F401  (what most of the forked do)


def make_once() -> None:
    """Let an app come and go; what it leaves behind is what all apps of a process share. What the first letter
    would load and draw is loaded and drawn."""
    for base_url in ("http://localhost", "http://127.0.0.1:8000", "http://127.0.0.1:12345"):
        qr.warm(base_url)
    with tempfile.TemporaryDirectory() as folder:
        close(make_app(Settings(instance=Path(folder) / "instance", scheduler=False)))


make_once()
