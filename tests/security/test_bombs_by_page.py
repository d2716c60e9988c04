"""Bombs through the upload page of a nomination, on the product as it is served: refused at little cost (T24 to T26)."""

from __future__ import annotations

import contextlib
import http.client
import re
from collections.abc import Iterator

import pytest
from flask import Flask

from eventreg.config import Settings
from eventreg.core import sandbox
from eventreg.core.clock import utc_now
from tests.rig import awards, cast
from tests.rig.running import Running, cookie_of, running
from tests.rig.watched import Watch, watching

from .bombs import BOMBS, MIB

NOW = utc_now()
SINCE = cast.lately()
BORDER = "bombborder38"
PATIENCE = 60  # seconds for an answer, on however slow a machine


@pytest.fixture
def product(sqlite_app: Flask) -> Iterator[Running]:
    """The product, served over the test's own installation by granian in two processes."""
    settings: Settings = sqlite_app.extensions["eventreg.settings"]
    own = {"database_url": settings.database_url, "base_url": settings.base_url, "scheduler": "off"}
    with running(settings.instance, server="granian", workers="2", **own) as served:
        yield served


@pytest.fixture
def watch(product: Running) -> Iterator[Watch]:
    """Looked at as long as the test runs."""
    with watching(product.process.pid) as watch:
        yield watch


def test_a_bomb_is_answered_with_what_to_do_and_no_process_grows(
    sqlite_app: Flask, product: Running, watch: Watch
) -> None:
    contest = awards.set_award(sqlite_app, cast.set_stage(sqlite_app, now=SINCE), now=SINCE)
    files = f"/unit/nominations/{awards.begin(sqlite_app, contest, 'B2', 'A1', now=NOW)}/files"
    cookie, told, costs = cookie_of(sqlite_app, contest.person("B2"), now=NOW), {}, {}

    for name in ("large.docx", "crowded.docx", "flate.pdf"):
        before = watch.spent()
        told[name] = _brought(product.port, files, cookie, name, BOMBS[name][1]())
        costs[name] = watch.spent() - before

    assert {
        name: (status, "没有收下" in said, "读不到文字" in said) for name, (status, said) in told.items()
    } == {
        "large.docx": (422, True, False),
        "crowded.docx": (422, True, False),
        "flate.pdf": (422, True, False),
    }
    assert [name for name, spent in costs.items() if spent > sandbox.SECONDS + 1] == []
    assert len(watch.peaks) > 3, "the children that read were not seen"
    assert max(watch.peaks.values()) <= sandbox.MEMORY // MIB


def _brought(port: int, path: str, cookie: str, name: str, content: bytes) -> tuple[int, str]:
    """Send the form for deeds with this file; status and text of the page that she sees then."""
    status, page, _place, fresh = _ask(port, "GET", path, {"Cookie": cookie})
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert status == 200
    assert token is not None
    fields = {"csrf_token": token[1] if token else "", "part": "deeds"}
    parts = [
        f'--{BORDER}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()
    ]
    head = f'--{BORDER}\r\nContent-Disposition: form-data; name="deeds-file"; filename="{name}"\r\n\r\n'
    body = "".join([*parts, head]).encode() + content + f"\r\n--{BORDER}--\r\n".encode()
    kind = f"multipart/form-data; boundary={BORDER}"
    mine = {"Cookie": fresh or cookie}
    status, page, place, _fresh = _ask(port, "POST", path, mine | {"Content-Type": kind}, body)
    return (status, page) if not place else _ask(port, "GET", place, mine)[:2]


def _ask(
    port: int, method: str, path: str, headers: dict[str, str], body: bytes | None = None
) -> tuple[int, str, str, str]:
    """One request: status, page, where it leads, the cookie that was set."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    with contextlib.closing(line):
        line.request(method, path, body, headers)
        got = line.getresponse()
        cookie = (got.getheader("Set-Cookie") or "").split(";")[0]
        return got.status, got.read().decode(), got.getheader("Location") or "", cookie
