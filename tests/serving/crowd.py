"""Many connections: attackers who hold theirs, in a process of their own, and honest visitors whose waits are measured.

usage: python -m tests.serving.crowd PORT NUMBER HEX [tls]
NUMBER attackers send these bytes and hold their connections until this process is ended; it says "ready".
"""

from __future__ import annotations

import asyncio
import contextlib
import resource
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from tests.house.repository import ROOT

FILES = 8000  # descriptors that a crowd may need
VISITORS_A_SECOND = 60
ATTACKERS_A_SECOND = 300  # come, so that they do not slow down the visitors' own loop
PAGES = ("/sign-in", "/healthz")  # a browser opens a second connection for what the page names
REOPEN = 10.0  # seconds until an attacker comes back after the server has hung up


@dataclass(frozen=True)
class Waits:
    """How long the answered visitors waited, in seconds, and how many were not answered."""

    slowest: float
    unanswered: int


def allow_many_files() -> None:
    """Raise this process's own limit: each connection is a file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, FILES), hard), hard))


async def hold(port: int, sent: bytes, *, place: int, trust: ssl.SSLContext | None) -> None:
    """An attacker who sends this much on a connection, holds it, and comes back when the server ends it."""
    await asyncio.sleep(place / ATTACKERS_A_SECOND)
    while True:
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trust)
            with contextlib.closing(writer):
                writer.write(sent)
                while await reader.read(65536):
                    pass
        await asyncio.sleep(REOPEN)


async def attack(port: int, number: int, sent: bytes, *, trust: ssl.SSLContext | None) -> None:
    """So many of them, for ever."""
    asyncio.get_running_loop().call_later(
        number / ATTACKERS_A_SECOND + 1, partial(print, "ready", flush=True)
    )
    await asyncio.gather(*(hold(port, sent, place=place, trust=trust) for place in range(number)))


@contextlib.contextmanager
def attacked(port: int, sent: bytes, number: int, *, tls: bool = False) -> Iterator[None]:
    """So many attackers at work, each with a connection."""
    asked = [str(port), str(number), sent.hex(), *(["tls"] if tls else [])]
    command = [sys.executable, "-m", "tests.serving.crowd", *asked]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as crowd:
        assert crowd.stdout is not None
        assert crowd.stdout.readline() == "ready\n"
        try:
            yield
        finally:
            crowd.kill()


async def visit(port: int, number: int, *, patience: float, trust: ssl.SSLContext | None = None) -> Waits:
    """So many visitors, VISITORS_A_SECOND, two connections each, which stay open until the last one is done."""
    lines: list[asyncio.StreamWriter] = []

    async def ask(path: str) -> float | None:
        since = time.monotonic()
        try:
            async with asyncio.timeout(patience):
                reader, writer = await asyncio.open_connection(
                    "127.0.0.1", port, ssl=trust, server_hostname="localhost" if trust else None
                )
                lines.append(writer)
                writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                status = await reader.readline()
        except (OSError, TimeoutError):
            return None
        return time.monotonic() - since if b" 200 " in status else None

    async def arrive(place: int) -> list[float | None]:
        await asyncio.sleep(place / VISITORS_A_SECOND)
        return await asyncio.gather(*(ask(path) for path in PAGES))

    waits = [wait for pair in await asyncio.gather(*map(arrive, range(number))) for wait in pair]
    for line in lines:
        line.transport.abort()  # a TLS connection that is closed says goodbye first, and the loop would not wait for it
    await asyncio.sleep(0.05)  # sockets are closed by the loop's next rounds
    answered = [wait for wait in waits if wait is not None]
    return Waits(max(answered, default=0.0), waits.count(None))


def trusting_anybody() -> ssl.SSLContext:
    """An attacker's TLS: it speaks HTTP/2 if it may and looks at no certificate."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2", "http/1.1"])
    return context


if __name__ == "__main__":
    allow_many_files()
    own = trusting_anybody() if "tls" in sys.argv else None
    asyncio.run(attack(int(sys.argv[1]), int(sys.argv[2]), bytes.fromhex(sys.argv[3]), trust=own))
