"""Bombs through the upload page of a nomination, on the product as it is served: refused at little cost (T24 to T26)."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask

from eventreg.config import Settings
from eventreg.core import hostile
from eventreg.core.clock import utc_now
from eventreg.web.visiting import TOKEN
from tests.rig import awards, cast
from tests.rig.running import Running, running

from .bombs import BOMBS, MIB

NOW = utc_now()
SINCE = cast.lately()
BORDER = "bombborder38"
PATIENCE = 60  # seconds for an answer, on however slow a machine
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Watch:
    """The served processes from outside: the most memory that any has held, in MiB."""

    pid: int
    peaks: dict[int, int] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        """Look a hundred times a second until it is over."""
        while not self.over.wait(0.01):
            for pid in _tree(self.pid):
                with contextlib.suppress(OSError, ValueError):
                    self.peaks[pid] = max(self.peaks.get(pid, 0), _peak(pid))

    def spent(self) -> float:
        """Processor seconds of the server's processes and of all their children that have ended."""
        return sum(_spent(pid) for pid in _tree(self.pid))


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
    watch = Watch(product.process.pid)
    looking = threading.Thread(target=watch.look)
    looking.start()
    yield watch
    watch.over.set()
    looking.join()


def test_a_bomb_is_answered_with_what_to_do_and_no_process_grows(
    sqlite_app: Flask, product: Running, watch: Watch
) -> None:
    contest = awards.set_award(sqlite_app, cast.set_stage(sqlite_app, now=SINCE), now=SINCE)
    files = f"/unit/nominations/{awards.begin(sqlite_app, contest, 'B2', 'A1', now=NOW)}/files"
    cookie, told, costs = _cookie(sqlite_app, contest.person("B2")), {}, {}

    for name in ("large.docx", "crowded.docx", "flate.pdf"):
        before = watch.spent()
        told[name] = _brought(product.port, files, cookie, name, BOMBS[name][1]())
        costs[name] = watch.spent() - before

    assert {
        name: (status, "没有收下" in said, "读不到文字" in said) for name, (status, said) in told.items()
    } == {
        "large.docx": (422, True, False),
        "crowded.docx": (422, True, False),
        "flate.pdf": (200, False, True),
    }
    assert [name for name, spent in costs.items() if spent > hostile.SECONDS + 1] == []
    assert len(watch.peaks) > 3, "the children that read were not seen"
    assert max(watch.peaks.values()) <= hostile.MEMORY // MIB


def _cookie(app: Flask, person_id: int) -> str:
    """What the contact's browser holds."""
    token = cast.begin_session(app, person_id, now=NOW)
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps({TOKEN: token, '_permanent': True})}"


def _brought(port: int, path: str, cookie: str, name: str, content: bytes) -> tuple[int, str]:
    """Send the form for deeds with this file; status and text of the page that she sees then."""
    status, page, _place, fresh = _ask(port, "GET", path, {"Cookie": cookie})
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert (status, token is not None) == (200, True)
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


def _tree(pid: int) -> list[int]:
    """A process and all below it, as far as they are still there."""
    found, todo = [], [pid]
    while todo:
        found.append(todo.pop())
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{found[-1]}/task").iterdir():
                todo += [int(child) for child in (task / "children").read_text("utf-8").split()]
    return found


def _peak(pid: int) -> int:
    """The most that a process has held in memory, in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0) // 1024


def _spent(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS
