"""A throw-away PostgreSQL: socket only, no TCP port, durability off; one database a test.

PostgreSQL refuses to run as root, so as root its tools run as an existing unprivileged account.
"""

from __future__ import annotations

import contextlib
import glob
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from tests.rig import memory

SPEED = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"


@dataclass(frozen=True)
class Cluster:
    """A running server; `fresh` makes an empty database and gives its URL."""

    folder: Path
    numbers: Iterator[int]
    options: str

    def fresh(self, template: str = "template1") -> str:
        """The URL of a new database."""
        name = f"t{next(self.numbers)}"
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE {name} TEMPLATE "{template}"'.encode())
        return f"postgresql+psycopg://test@/{name}?host={self.folder}"

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        name = url.split("?", maxsplit=1)[0].rsplit("/", 1)[1]
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())

    def restart(self) -> None:
        """As an upgrade of the package does: whoever is connected is cut off."""
        self._control("-m", "fast", "-l", self.folder / "log", "-o", self.options, "restart")

    def crash(self) -> None:
        """SIGKILL of the server and all its processes, and a start that has to recover."""
        leader = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{leader}/task/{leader}/children").read_text().split()
        for pid in (leader, *map(int, children)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in (leader, *map(int, children)):
            while _runs(pid):
                time.sleep(0.01)
        for left in ("data/postmaster.pid", ".s.PGSQL.5432.lock"):
            (self.folder / left).unlink(missing_ok=True)  # the dead, not reaped yet, would seem to hold it
        self.start()

    def start(self) -> None:
        """Come up, and say so when it answers."""
        self._control("-l", self.folder / "log", "-o", self.options, "start")

    def stop(self) -> None:
        """Go at once; nothing here is worth a checkpoint."""
        self._control("-m", "immediate", "stop")

    def _control(self, *words: object) -> None:
        run = (tools() / "pg_ctl", "-D", self.folder / "data", "-w", *words)
        _run(self.folder, _account(self.folder), *run)

    def _dsn(self, name: str) -> str:
        return f"host={self.folder} user=test dbname={name}"


def tools() -> Path:
    """Where the server's programs are; a plain error says what is missing."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda p: int(p.split("/")[4]))
    if found:
        return Path(found[-1])
    in_path = shutil.which("initdb")
    if in_path is None:
        raise RuntimeError("PostgreSQL's server programs are missing: run `make test`, it installs them")
    return Path(in_path).resolve().parent


@contextlib.contextmanager
def throw_away(*, durable: bool = False) -> Iterator[Cluster]:
    """A cluster of our own, gone afterwards. A short path: a socket's has 107 bytes at most.

    Tests switch durability off and lay it in memory; a bench, which measures it, does not.
    """
    place = None if durable else memory.folder()
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=place or "/tmp"))  # noqa: S108  (a name of its own there)
    account = _account(folder)
    bin_, data = tools(), folder / "data"
    _run(folder, account, bin_ / "initdb", "-D", data, "-U", "test", "-A", "trust", "-E", "UTF8", "--no-sync")
    speed = "-c max_connections=200" if durable else SPEED
    options = f"-c listen_addresses= -c unix_socket_directories={folder} {speed}"
    cluster = Cluster(folder, count(1), options)
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _runs(pid: int) -> bool:
    """Whether this process is there and not only waiting to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def _account(folder: Path) -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            os.chown(folder, entry.pw_uid, entry.pw_gid)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise RuntimeError("as root, PostgreSQL needs an account `postgres` or `nobody` to run under")


def _run(folder: Path, account: dict[str, Any], *command: object) -> None:
    subprocess.run(
        [str(part) for part in command],
        check=True,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin:/usr/local/bin", "TZ": "UTC"},
        **account,
    )
