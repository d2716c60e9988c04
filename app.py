"""The entry: `python app.py` serves; `flask COMMAND` finds its commands here."""

from __future__ import annotations

import gc
import os

gc.disable()  # what is being loaded stays: nobody need look for garbage in it, now or later

from eventreg.factory import create_app  # noqa: E402
from eventreg.serving.server import main  # noqa: E402

gc.freeze()
gc.enable()

__all__ = ["create_app"]

if __name__ == "__main__":
    os.umask(0o077)
    main()
