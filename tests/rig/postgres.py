"""A throw-away PostgreSQL: socket only, no TCP port, durability off; one database a test.

PostgreSQL refuses to run as root, so as root its tools run as an existing unprivileged account.
"""

from __future__ import annotations

import contextlib
import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

SPEED = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"


@dataclass(frozen=True)
class Cluster:
    """A running server; `fresh` makes an empty database and gives its URL."""

    folder: Path
    numbers: Iterator[int]

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

    Tests switch durability off; a bench, which measures it, does not.
    """
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    account = _account(folder)
    bin_, data = tools(), folder / "data"
    _run(folder, account, bin_ / "initdb", "-D", data, "-U", "test", "-A", "trust", "-E", "UTF8", "--no-sync")
    speed = "-c max_connections=200" if durable else SPEED
    options = f"-c listen_addresses= -c unix_socket_directories={folder} {speed}"
    control = (bin_ / "pg_ctl", "-D", data, "-w")
    _run(folder, account, *control, "-l", folder / "log", "-o", options, "start")
    try:
        yield Cluster(folder, count(1))
    finally:
        _run(folder, account, *control, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


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
