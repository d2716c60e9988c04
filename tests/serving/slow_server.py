"""The product, each of whose requests takes a while, for tests that need it busy; a planted fault lives here.

usage: python -m tests.serving.slow_server [alone]
With `alone` no worker sends its visitors on.
"""

from __future__ import annotations

import sys
import time

from flask import Flask

from eventreg.config import Settings
from eventreg.factory import create_app
from eventreg.serving import balance, server

A_WHILE = 0.005  # seconds: longer than a client of the tests needs from one request to the next


def slow(settings: Settings) -> Flask:
    """The product in no hurry."""
    app = create_app(settings)
    app.before_request(lambda: time.sleep(A_WHILE))
    return app


if __name__ == "__main__":
    vars(server)["create_app"] = slow
    if sys.argv[1:] == ["alone"]:
        balance.FEW = 10**9
    server.main()
