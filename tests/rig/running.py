"""The product as an operator starts it: `python app.py` in a process of its own, on loopback."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Flask

from eventreg.web.app.current import TOKEN
from tests.house.repository import ROOT
from tests.rig import cast

PATIENCE = 60.0  # seconds to come up on a loaded machine


@dataclass(frozen=True)
class Running:
    """A started product; `trust` is what its client knows of certificates, None for plain http."""

    process: subprocess.Popen[str]
    port: int
    trust: ssl.SSLContext | None

    def ask(self, path: str, *, host: str = "127.0.0.1") -> http.client.HTTPResponse:
        """A page's head; its body can be read until the next question."""
        if self.trust is None:
            line = http.client.HTTPConnection(host, self.port, timeout=10)
        else:
            line = http.client.HTTPSConnection(host, self.port, timeout=10, context=self.trust)
        with contextlib.closing(line):
            line.request("GET", path)
            answer = line.getresponse()
            answer.body = answer.read()  # type: ignore[attr-defined]
            return answer

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal; its exit status."""
        self.process.send_signal(number)
        return self.process.wait(timeout=PATIENCE)

    def is_listening(self) -> bool:
        """Whether anybody still answers at its port."""
        with socket.socket() as knock:
            knock.settimeout(1)
            return knock.connect_ex(("127.0.0.1", self.port)) == 0


def cookie_of(app: Flask, person_id: int, *, now: datetime) -> str:
    """What the browser of a signed-in person sends, as the value of `Cookie`."""
    token = cast.begin_session(app, person_id, now=now)
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps({TOKEN: token, '_permanent': True})}"


def free_port() -> int:
    """A loopback port that nobody holds now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def command(
    instance: Path, port: int, run: tuple[str, ...] = ("app.py",), /, **settings: str
) -> subprocess.Popen[str]:
    """`python app.py` (or what else is to `run`) with these settings, what it prints kept."""
    own = {f"EVENTREG_{name.upper()}": value for name, value in settings.items()}
    env = {name: value for name, value in os.environ.items() if not name.startswith("EVENTREG_")} | own
    env |= {"EVENTREG_INSTANCE": str(instance), "EVENTREG_HOST": "127.0.0.1", "EVENTREG_PORT": str(port)}
    kept = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([sys.executable, *run], cwd=ROOT, env=env, text=True, **kept)  # type: ignore[call-overload, no-any-return]


@contextlib.contextmanager
def running(instance: Path, run: tuple[str, ...] = ("app.py",), /, **settings: str) -> Iterator[Running]:
    """Start it (or what else is to `run`) and wait until it answers; it is ended afterwards, with its workers."""
    port = free_port()
    process = command(instance, port, run, **settings)
    threads = [threading.Thread(target=pipe.read, daemon=True) for pipe in (process.stdout, process.stderr)]  # type: ignore[union-attr]
    for thread in threads:
        thread.start()  # or a full pipe would stop it
    try:
        yield _up(process, port, instance if settings.get("tls") == "on" else None)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=PATIENCE)
        for thread in threads:
            thread.join(timeout=PATIENCE)
        for pipe in (process.stdout, process.stderr):
            pipe.close()  # type: ignore[union-attr]


def _up(process: subprocess.Popen[str], port: int, tls: Path | None) -> Running:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            trust = ssl.create_default_context(cafile=tls / "tls/authority.pem") if tls else None
            made = Running(process, port, trust)
            if made.ask("/readyz").status == 200:
                return made
        time.sleep(0.05)
    raise AssertionError("the product did not come up")
