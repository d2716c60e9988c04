"""Many connections from one event loop: attackers who hold theirs, and honest visitors whose waits are measured."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import ssl
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

FILES = 8000  # descriptors that a crowd may need
VISITORS_A_SECOND = 60
ATTACKERS_A_SECOND = 300  # come, so that they do not slow down the visitors' own loop
PAGES = ("/sign-in", "/healthz")  # a browser opens a second connection for what the page names
REOPEN = 10.0  # seconds until an attacker comes back after the server has hung up

Attack = Callable[[], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Waits:
    """How long the answered visitors waited, in seconds, and how many were not answered."""

    slowest: float
    unanswered: int


def allow_many_files() -> None:
    """Raise this process's own limit: each connection is a file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, FILES), hard), hard))


def holding(port: int, sent: bytes, *, trust: ssl.SSLContext | None = None) -> Attack:
    """An attacker who sends this much on a connection, holds it, and comes back when the server ends it."""

    async def attack() -> None:
        while True:
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_connection(
                    "127.0.0.1", port, ssl=trust, server_hostname="localhost" if trust else None
                )
                with contextlib.closing(writer):
                    writer.write(sent)
                    while await reader.read(65536):
                        pass
            await asyncio.sleep(REOPEN)

    return attack


@contextlib.asynccontextmanager
async def attacked(attack: Attack, number: int) -> AsyncIterator[None]:
    """So many attackers at work, each with a connection."""

    async def arrive(place: int) -> None:
        await asyncio.sleep(place / ATTACKERS_A_SECOND)
        await attack()

    crowd = [asyncio.create_task(arrive(place)) for place in range(number)]
    await asyncio.sleep(number / ATTACKERS_A_SECOND + 1)
    try:
        yield
    finally:
        for one in crowd:
            one.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)


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
        line.close()
    answered = [wait for wait in waits if wait is not None]
    return Waits(max(answered, default=0.0), waits.count(None))
