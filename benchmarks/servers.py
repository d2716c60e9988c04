"""Servers under measurement: started on loopback, their CPU and memory read from /proc, ended by their id."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flask import Flask

from eventreg.config import PROJECT, Settings
from eventreg.serving.rsgi import OverRsgi

TICKS = os.sysconf("SC_CLK_TCK")
SERVERS = ("waitress", "granian")


@dataclass(frozen=True)
class Layout:
    """Which server, and with how many processes that answer."""

    server: str
    workers: int

    def __str__(self) -> str:
        return f"{self.server} x {self.workers}"


@dataclass(frozen=True)
class Running:
    """A server that answers on a port."""

    pid: int
    port: int

    def cpu(self) -> float:
        """CPU seconds that its processes have used."""
        return sum(_cpu(pid) for pid in self.pids())

    def memory(self) -> float:
        """PSS of all its processes in MiB: shared pages count once."""
        return sum(_pss(pid) for pid in self.pids()) / 1024

    def pids(self) -> list[int]:
        """The server's process and all below it."""
        found, todo = [], [self.pid]
        while todo:
            found.append(todo.pop())
            todo += _children(found[-1])
        return found


@contextmanager
def running(
    settings: Settings, layout: Layout, *, bare: dict[str, int] | None = None, scheduler: bool = False
) -> Iterator[Running]:
    """The product on these settings, or the bare app with pages of these sizes."""
    port = _free_port()
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("EVENTREG_")},
        "EVENTREG_INSTANCE": str(settings.instance),
        "EVENTREG_DATABASE_URL": settings.database_url,
        "EVENTREG_SMTP_URL": settings.smtp_url,
        "EVENTREG_PORT": str(port),
        "EVENTREG_SERVER": layout.server,
        "EVENTREG_WORKERS": str(layout.workers),
        "EVENTREG_SCHEDULER": "on" if scheduler else "off",
        "BENCH_SIZES": json.dumps(bare or {}),
        "PYTHONPATH": str(PROJECT),
    }
    command = [sys.executable, "-m", "benchmarks.bare"] if bare else [sys.executable, "app.py"]
    log = (settings.instance / "server.log").open("wb")
    process = subprocess.Popen(command, env=env, cwd=PROJECT, stdout=log, stderr=log)
    try:
        _wait(process, port, settings.instance / "server.log", bare=bare is not None)
        yield Running(process.pid, port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=40)
        log.close()


def serve(load: Callable[[Settings], Flask], settings: Settings) -> None:
    """Serve another app exactly as eventreg.serving.server serves the product."""
    from granian.server import Server
    from waitress.server import create_server

    from eventreg.serving import server as serving
    from eventreg.serving import waitress_start as dated

    if os.environ["EVENTREG_SERVER"] == "waitress":
        app = load(settings)
        create_server(app, host=settings.host, port=settings.port, **dated.WAITRESS).run()
        return
    server = Server(
        "bare",
        address=settings.host,
        port=settings.port,
        workers=int(os.environ["EVENTREG_WORKERS"]),
        backpressure=serving.connections_a_worker(),
        **serving.GRANIAN,
    )
    server.serve(target_loader=partial(_over_rsgi, load, settings), wrap_loader=False)


def _over_rsgi(load: Callable[[Settings], Flask], settings: Settings) -> OverRsgi:
    return OverRsgi(load(settings))


def _wait(process: subprocess.Popen[bytes], port: int, log: Path, *, bare: bool) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        if _answers(port, "/" if bare else "/healthz"):
            return
        time.sleep(0.1)
    raise RuntimeError(f"the server did not come up: {log.read_text('utf-8')[-2000:]}")


def _answers(port: int, path: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            line.sendall(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
            return b" 200 " in line.recv(200)
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _pss(pid: int) -> int:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8")
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text("utf-8").split()]
    return found
