"""A server process for harnesses that kill it; planted faults live here and nowhere in the product."""

from __future__ import annotations

import atexit
import json
import os
import queue
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from flask import Flask
from waitress.server import create_server

from eventreg.config import Settings
from eventreg.core.db import session
from eventreg.core.db.session import unit_of_work
from eventreg.factory import create_app
from eventreg.registrations import letters
from eventreg.web.app import errors, problems
from eventreg.web.employee.registrations import views as mine

from .forks import FORKS

WsgiApp = Callable[..., Any]


class Server:
    """One server process on a loopback port, a free one by default; `kill` is a SIGKILL."""

    def __init__(self, settings: Settings, fault: str = "", *, port: int = 0) -> None:
        ours, theirs = FORKS.Pipe()
        self.process = FORKS.Process(target=_serve, args=(settings, fault, theirs, port), daemon=True)
        self.process.start()
        theirs.close()
        if not ours.poll(30):
            raise AssertionError("the server did not come up")
        self.port: int = ours.recv()

    def kill(self) -> None:
        """Power cut: no handler runs, nothing is flushed."""
        if self.process.pid is None:
            raise AssertionError("the server never ran")
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.join(timeout=20)


def _serve(settings: Settings, fault: str, pipe: Connection, port: int) -> None:
    app = create_app(settings)
    wsgi = FAULTS[fault](app)
    server = create_server(wsgi, host="127.0.0.1", port=port, threads=6, asyncore_use_poll=True)
    pipe.send(int(server.effective_port))
    server.run()


def _honest(app: Flask) -> WsgiApp:
    return app


def _answer_first(app: Flask) -> WsgiApp:
    """Planted fault: the receipt goes out first, the work is done when there is time."""
    jobs: queue.Queue[dict[str, Any]] = queue.Queue()

    def work() -> None:
        while True:
            environ = jobs.get()
            for _ in app(environ, lambda *_a: lambda _b: None):
                pass

    threading.Thread(target=work, daemon=True).start()

    def wsgi(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        if environ["REQUEST_METHOD"] != "POST":
            return app(environ, start)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        jobs.put({**environ, "wsgi.input": BytesIO(body)})
        start("303 SEE OTHER", [("Location", "/my/registrations/0"), ("Content-Length", "0")])
        return [b""]

    return wsgi


def _two_transactions(app: Flask) -> WsgiApp:
    """Planted fault: the letter is posted in a second transaction."""
    pending = threading.local()
    post = letters.post_letter

    def later(*args: Any, **options: Any) -> None:
        pending.letters = [*getattr(pending, "letters", []), (args, options)]

    @contextmanager
    def two_units() -> Iterator[None]:
        pending.letters = []
        with unit_of_work():
            yield
        time.sleep(0.002)
        with unit_of_work():
            for args, options in pending.letters:
                post(*args, **options)

    vars(letters)["post_letter"] = later
    vars(mine)["unit_of_work"] = two_units
    return app


def _scans_answered_first(app: Flask) -> WsgiApp:
    """Planted fault: a phone hears that its scans are kept before they are."""
    jobs: queue.Queue[dict[str, Any]] = queue.Queue()

    def work() -> None:
        while True:
            environ = jobs.get()
            time.sleep(0.005)
            for _ in app(environ, lambda *_a: lambda _b: None):
                pass

    threading.Thread(target=work, daemon=True).start()

    def wsgi(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        jobs.put({**environ, "wsgi.input": BytesIO(body)})
        told = [{"nonce": scan["nonce"], "verdict": "admitted"} for scan in json.loads(body)["scans"]]
        start("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"results": told}).encode()]

    return wsgi


def _unmapped(app: Flask) -> WsgiApp:
    """Planted fault: an error of the database is an error like any other."""
    for module in (session, errors, problems):
        vars(module)["find_busy"] = lambda _error: None
    return app


def _next_release(app: Flask) -> WsgiApp:
    """No fault: another release of the product, whose desk has other scripts."""
    folder = Path(tempfile.mkdtemp(prefix="eventreg-release-"))
    shutil.copytree(app.static_folder or "", folder, dirs_exist_ok=True)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in ("verdict.js", "worker.js"):
        with (folder / "js" / "desk" / name).open("a", encoding="utf-8") as script:
            script.write("// the next release\n")
    with (folder / "vendor" / "zxing-wasm-3.1.4" / "reader.js").open("a", encoding="utf-8") as script:
        script.write("// the next release\n")
    app.static_folder = str(folder)
    return app


FAULTS: dict[str, Callable[[Flask], WsgiApp]] = {
    "": _honest,
    "answer_first": _answer_first,
    "two_transactions": _two_transactions,
    "unmapped": _unmapped,
    "scans_answered_first": _scans_answered_first,
    "next_release": _next_release,
}
