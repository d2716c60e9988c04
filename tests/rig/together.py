"""Several works at one instant, each in a thread and an app context of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import Flask

from eventreg.core.db import db


def together(app: Flask, *works: Callable[[], object]) -> None:
    """Do all of it at one instant, each in a thread of its own."""
    start = threading.Barrier(len(works))

    def play(work: Callable[[], object]) -> None:
        start.wait()
        with app.app_context():
            work()
            db.session.remove()

    threads = [threading.Thread(target=play, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
