"""Run several functions at one instant, each in its own thread and app context."""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import Flask

from eventreg.core.db.session import db


def run_at_once(app: Flask, *works: Callable[[], object]) -> None:
    """Run all of them at one instant, each in its own thread."""
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
