"""The entry: `python app.py` serves; `flask COMMAND` finds its commands here."""

from __future__ import annotations

import os

from eventreg.factory import create_app
from eventreg.serving import main

__all__ = ["create_app"]

if __name__ == "__main__":
    os.umask(0o077)
    main()
