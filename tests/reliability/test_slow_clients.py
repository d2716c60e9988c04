"""Hundreds of connections that stop in the middle of a request, and good ones beside them (T27)."""

from __future__ import annotations

import contextlib
import resource
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from eventreg.config import Settings
from tests.reliability.visiting import PATIENCE, ask, serving
from tests.rig.running import running
from tests.rig.sizes import SIZES

GOOD = 20
DEAF = 3.0  # seconds for answers that are sure not to come
HEAD = b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
BODY = (
    b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nidentifier="
)


@contextlib.contextmanager
def stuck(port: int, number: int, sent: bytes) -> Iterator[None]:
    """So many connections that sent this much and stay open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, number + 256), hard), hard))
    with ExitStack() as open_ones:
        for _ in range(number):
            line = open_ones.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            line.sendall(sent)
        yield


def answered(port: int, asked: int = GOOD, *, patience: float = PATIENCE) -> int:
    """How many good requests, five at a time, were answered with a page."""

    def one(_number: int) -> bool:
        with contextlib.suppress(OSError):
            return ask(port, "GET", "/sign-in", patience=patience).status == 200
        return False

    with ThreadPoolExecutor(5) as crew:
        return sum(crew.map(one, range(asked)))


@pytest.mark.parametrize("sent", [HEAD, BODY], ids=["head", "body"])
def test_waitress_serves_beside_stuck_phones(installed: Path, sent: bytes) -> None:
    with running(installed, server="waitress") as product, stuck(product.port, SIZES.stuck, sent):
        assert answered(product.port) == GOOD


@pytest.mark.parametrize("sent", [HEAD, BODY], ids=["head", "body"])
def test_granian_serves_beside_stuck_phones(installed: Path, sent: bytes) -> None:
    with running(installed, server="granian") as product, stuck(product.port, SIZES.stuck, sent):
        assert answered(product.port) == GOOD


def test_a_server_that_takes_only_a_hundred_is_caught(tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path, base_url="http://127.0.0.1", scheduler=False)
    with serving(settings, "hundred") as port, stuck(port, SIZES.stuck, HEAD):
        assert answered(port, 5, patience=DEAF) == 0
