"""Requests to a server process from outside: one connection each, an answer or a broken line."""

from __future__ import annotations

import contextlib
import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs

from eventreg.config import Settings
from tests.registrations.kill import PATH, Ticketless
from tests.rig.server import Server

PATIENCE = 10.0  # seconds: nobody is left longer without an answer
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """Status, what is promised for later, and the page."""

    status: int
    retry_after: str
    location: str
    kind: str
    body: str

    @property
    def registered(self) -> bool:
        """Whether it acknowledges a sign-up."""
        return self.status == 303 and "/my/registrations/" in self.location


def ask(
    port: int, method: str, path: str, body: str = "", *, patience: float = PATIENCE, **headers: str
) -> Answer:
    """One request. Raises OSError when no answer comes."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    sent = {name.replace("_", "-").title(): value for name, value in headers.items()}
    with contextlib.closing(line):
        line.request(method, path, body.encode() or None, sent)
        got = line.getresponse()
        later, place, kind = (got.getheader(n) or "" for n in ("Retry-After", "Location", "Content-Type"))
        return Answer(got.status, later, place, kind, got.read().decode(errors="replace"))


def sign_up(port: int, somebody: Ticketless, *, remark: str = "") -> Answer:
    """Post the form that was filled in beforehand, as a browser does: it says that it is a form of ours."""
    form, ours = f"{somebody.form}&remark={remark}", f"http://127.0.0.1:{port}"
    return ask(port, "POST", PATH, form, cookie=somebody.cookie, content_type=FORM, origin=ours)


def kept(answer: Answer, somebody: Ticketless, *, remark: str = "") -> list[str]:
    """Fields of the form that the answer does not hold ready to be sent again."""
    fields = {name: values[0] for name, values in parse_qs(somebody.form).items()}
    fields = {n: v for n, v in fields.items() if n != "csrf_token"} | ({"remark": remark} if remark else {})
    missing = [n for n, v in fields.items() if f'name="{n}"' not in answer.body or v not in answer.body]
    return missing + [n for n in ("csrf_token", "<form", 'type="submit"') if n not in answer.body]


def register(port: int, token: str, staff_no: str) -> Answer:
    """A program signs somebody up."""
    body = json.dumps({"staff_no": staff_no, "answers": {}})
    return ask(
        port,
        "POST",
        "/api/v1/campaigns/outing/registrations",
        body,
        authorization=f"Bearer {token}",
        content_type="application/json",
    )


def scan(port: int, token: str, nonce: str) -> Answer:
    """A phone sends a scan."""
    scans = [{"nonce": nonce, "text": "ABCDEFGH", "scanned_at": "2027-03-08T01:00:00+00:00"}]
    return ask(
        port,
        "POST",
        "/desk/api/scans",
        json.dumps({"scans": scans}),
        authorization=f"Bearer {token}",
        content_type="application/json",
    )


@contextmanager
def serving(settings: Settings, fault: str = "") -> Iterator[int]:
    """A server process on these settings; its port. It is killed afterwards."""
    server = Server(settings, fault)
    try:
        yield server.port
    finally:
        server.kill()
