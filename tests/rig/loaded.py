"""What the process holds that others are forked from: the product, loaded and made once, nothing of it open."""

from __future__ import annotations

import tempfile
from pathlib import Path

from eventreg.config import Settings
from tests.conftest import close, make_app
from tests.reliability import server as _server  # noqa: F401  (what most of the forked do)


def make_once() -> None:
    """Let an app come and go; what it leaves behind is what all apps of a process share."""
    with tempfile.TemporaryDirectory() as folder:
        close(make_app(Settings(instance=Path(folder) / "instance", scheduler=False)))


make_once()
