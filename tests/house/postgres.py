"""A throw-away PostgreSQL, also as root: its programs run as another user, on a socket, on no port."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"


def programs() -> Path:
    """The folder of initdb and pg_ctl: the newest of Debian's or Homebrew's, or the path's."""
    places = (
        "/usr/lib/postgresql/*/bin",
        "/opt/homebrew/opt/postgresql*/bin",
        "/usr/local/opt/postgresql*/bin",
    )
    for pattern in places:
        found = sorted(Path("/").glob(pattern.removeprefix("/")), reverse=True)
        if found:
            return found[0]
    initdb = shutil.which("initdb")
    if initdb is None:
        raise RuntimeError("PostgreSQL's programs are missing: run tools/system_packages.sh")
    return Path(initdb).resolve().parent


def other_user() -> dict[str, Any]:
    """For root, which PostgreSQL refuses: an unprivileged account that exists; else nobody else."""
    for name in () if os.geteuid() else ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            account = pwd.getpwnam(name)
            return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    return {}


@contextlib.contextmanager
def throwaway_postgres() -> Iterator[str]:
    """A server while the block runs; yields its SQLAlchemy URL without the database's name."""
    folder, bin_, user = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp")), programs(), other_user()
    if user:
        os.chown(folder, user["user"], user["group"])
    environ = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "TZ": "UTC"}

    def run(program: str, *arguments: str) -> None:
        command = [str(bin_ / program), "-D", str(folder / "data"), *arguments]
        subprocess.run(command, check=True, cwd=folder, capture_output=True, env=environ, **user)

    run("initdb", "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    where = f"-c listen_addresses= -c unix_socket_directories={folder} {FAST}"
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", where, "start")
    try:
        yield f"postgresql+psycopg://test@/{{name}}?host={folder}"
    finally:
        run("pg_ctl", "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)
