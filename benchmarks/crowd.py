"""The load generator: so many visitors over kept connections, in a process of its own.

usage: python -m benchmarks.crowd < job.json > result.json

A job is {"host", "port", "way", "visitors", "seconds" or "each", "over", ...}: `over` so many seconds its ways
are spread evenly, each visitor's turn coming in its place. What comes back are the counts,
the times of whole ways and of single requests in ms, and the generator's own CPU seconds. It speaks
just enough HTTP/1.1: a request, an answer with Content-Length, a cookie that may change.
"""

from __future__ import annotations

import json
import re
import resource
import secrets
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

HIDDEN = re.compile(rb'name="(csrf_token|idempotency_key|form_version|consent)"[^>]*? value="([^"]*)"')
MARKS = re.compile(rb'name="(csrf_token|version|tab)"[^>]*? value="([^"]*)"')
BORDER = "bench38border"
BUSY, AGAIN_AFTER, AGAIN_MOST = 503, 3.0, 5  # seconds, times


@dataclass
class Answer:
    """What a request was answered with."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: bytes) -> str:
        found = re.search(rb"(?im)^" + name + rb":\s*([^\r\n]*)", self.head)
        return found[1].decode() if found else ""


class Line:
    """One kept connection."""

    def __init__(self, host: str, port: int) -> None:
        self.address = (host, port)
        self.socket: socket.socket | None = None

    def ask(self, method: str, path: str, headers: str = "", body: bytes = b"") -> Answer:
        """One request; connects when it has to."""
        if self.socket is None:
            self.socket = socket.create_connection(self.address, timeout=30)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        length = f"Content-Length: {len(body)}\r\n" if method != "GET" else ""
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}{length}\r\n"
        self.socket.sendall(head.encode() + body)
        return self._answer(self.socket)

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def _answer(self, sock: socket.socket) -> Answer:
        got = b""
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._more(sock)
        head, body = got[:end], got[end + 4 :]
        found = re.search(rb"(?i)content-length:\s*(\d+)", head)
        length = int(found[1]) if found else 0
        while len(body) < length:
            body += self._more(sock)
        if re.search(rb"(?i)connection:\s*close", head):
            self.close()
        return Answer(int(head[9:12]), head, body)

    def _more(self, sock: socket.socket) -> bytes:
        more = sock.recv(65536)
        if not more:
            raise ConnectionError("the server closed the line")
        return more


@dataclass
class Tally:
    """What one visitor saw."""

    done: int = 0
    errors: list[str] = field(default_factory=list)
    ways: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)


def sign_up(line: Line, job: dict[str, Any], mine: Any) -> None:
    """The whole way of an employee: form, sign-up, receipt."""
    form, cookie = _form(line, job, mine)
    receipt = _send(line, job, form, cookie)
    _expect(line.ask("GET", receipt, f"Cookie: {cookie}\r\n"), 200)


def press(line: Line, job: dict[str, Any], mine: Any) -> None:
    """The button of a form that was loaded before: [fields, cookie]."""
    fields, cookie = mine
    _send(line, job, fields, cookie)


def api_sign_up(line: Line, job: dict[str, Any], mine: Any) -> None:
    """Another system signs somebody up."""
    body = json.dumps({"staff_no": mine, "answers": {"phone": "13800138000"}}).encode()
    key = f"Idempotency-Key: {secrets.token_hex(8)}\r\n"
    _expect(line.ask("POST", job["path"], _json(job) + key, body), 201)


def scan(line: Line, job: dict[str, Any], mine: Any) -> None:
    """One ticket at the door, by another system."""
    one = {"nonce": secrets.token_hex(8), "token": mine, "check_point": "door", "scanned_at": job["at"]}
    answer = line.ask("POST", job["path"], _json(job), json.dumps({"scans": [one]}).encode())
    _expect(answer, 200)
    if b'"admitted"' not in answer.body:
        raise ValueError(answer.body.decode())


def page(line: Line, job: dict[str, Any], mine: Any) -> None:
    """A page, as whoever `mine` is the cookie of."""
    _expect(line.ask("GET", job["path"], f"Cookie: {mine}\r\n" if mine else ""), 200)


def submit(line: Line, job: dict[str, Any], mine: Any) -> None:
    """A contact brings a file, where there is one, and submits the whole form of a nomination.

    When the server says that it is too busy she presses again, as its page tells her to.
    """
    path = mine["path"]
    if mine["file"]:
        _bring(line, path, mine["cookie"], Path(mine["file"]).read_bytes())
    marks, cookie = _marks(line, path, mine["cookie"])
    kind = "Content-Type: application/x-www-form-urlencoded\r\n"
    body = urlencode({**marks, **mine["fields"]}, doseq=True).encode()
    answer = line.ask("POST", path, cookie + kind, body)
    for _again in range(AGAIN_MOST):
        if answer.status != BUSY:
            break
        time.sleep(AGAIN_AFTER)
        answer = line.ask("POST", path, cookie + kind, body)
    _expect(answer, 303)


def _bring(line: Line, path: str, held: str, content: bytes) -> None:
    marks, cookie = _marks(line, f"{path}/files", held)
    fields = {"csrf_token": marks["csrf_token"], "part": "evidence"}
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{said}' for name, said in fields.items()]
    parts.append('Content-Disposition: form-data; name="evidence-file"; filename="photo.jpg"\r\n\r\n')
    body = "".join(f"\r\n--{BORDER}\r\n{part}" for part in parts).encode() + content
    kind = f"Content-Type: multipart/form-data; boundary={BORDER}\r\n"
    whole = body.removeprefix(b"\r\n") + f"\r\n--{BORDER}--\r\n".encode()
    _expect(line.ask("POST", f"{path}/files", cookie + kind, whole), 303)


def _marks(line: Line, path: str, cookie: str) -> tuple[dict[str, str], str]:
    """Our own marks in a page's form, and the header of the cookie that belongs to them."""
    answer = _expect(line.ask("GET", path, f"Cookie: {cookie}\r\n"), 200)
    marks = {name.decode(): value.decode() for name, value in MARKS.findall(answer.body)}
    return marks, f"Cookie: {answer.header(b'set-cookie').split(';')[0] or cookie}\r\n"


WAYS: dict[str, Callable[[Line, dict[str, Any], Any], None]] = {
    one.__name__: one for one in (sign_up, press, api_sign_up, scan, page, submit)
}


def _form(line: Line, job: dict[str, Any], cookie: str) -> tuple[dict[str, str], str]:
    answer = _expect(line.ask("GET", job["path"], f"Cookie: {cookie}\r\n"), 200)
    fields = {name.decode(): value.decode() for name, value in HIDDEN.findall(answer.body)}
    fields["phone"] = "13800138000"
    return fields, answer.header(b"set-cookie").split(";")[0] or cookie


def _send(line: Line, job: dict[str, Any], fields: dict[str, str], cookie: str) -> str:
    kind = "Content-Type: application/x-www-form-urlencoded\r\n"
    body = urlencode(fields).encode()
    return _expect(line.ask("POST", job["path"], f"Cookie: {cookie}\r\n{kind}", body), 303).header(
        b"location"
    )


def _json(job: dict[str, Any]) -> str:
    return f"Authorization: Bearer {job['bearer']}\r\nContent-Type: application/json\r\n"


def _expect(answer: Answer, status: int) -> Answer:
    if answer.status != status:
        raise ValueError(f"{answer.status} instead of {status}: {answer.body[:200]!r}")
    return answer


def _visit(
    job: dict[str, Any], mine: Iterator[Any], tally: Tally, gate: threading.Barrier, place: float
) -> None:
    """One visitor's ways; `place` is hers among the others, from 0 to 1."""
    line, way = Line(job["host"], job["port"]), WAYS[job["way"]]
    gate.wait()
    begin = time.monotonic()
    until, pace = begin + job.get("seconds", 3600), job.get("over", 0) * job["visitors"] / len(job["those"])
    for n, one in enumerate(mine):
        if pace:
            time.sleep(max(0.0, begin + (n + place) * pace - time.monotonic()))
        start = time.perf_counter()
        if time.monotonic() >= until:
            break
        try:
            way(line, job, one)
            tally.done += 1
            tally.ways.append((time.perf_counter() - start) * 1000)
        except (ValueError, OSError) as error:
            tally.errors.append(str(error)[:300])
            line.close()
    line.close()


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Play the job; `those` are shared out among the visitors, each taken once (or over and over)."""
    those, count = job["those"], job["visitors"]
    tallies, threads = [Tally() for _ in range(count)], []
    gate = threading.Barrier(count + 1)
    for n, tally in enumerate(tallies):
        mine = iter(those[n::count]) if not job.get("again") else _over_and_over(those, n)
        threads.append(threading.Thread(target=_visit, args=(job, mine, tally, gate, n / count), daemon=True))
    for thread in threads:
        thread.start()
    gate.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    wall, usage = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
    return {
        "done": sum(t.done for t in tallies),
        "errors": [error for t in tallies for error in t.errors][:5],
        "failed": sum(len(t.errors) for t in tallies),
        "seconds": wall,
        "ways_ms": sorted(one for t in tallies for one in t.ways),
        "generator_cpu_s": usage.ru_utime + usage.ru_stime,
    }


def _over_and_over(those: list[Any], start: int) -> Iterator[Any]:
    n = start
    while True:
        yield those[n % len(those)]
        n += 1


def load_forms(job: dict[str, Any]) -> dict[str, Any]:
    """Forms loaded and kept open, one for each of `those`: what a rush presses all at once."""
    line = Line(job["host"], job["port"])
    forms = [_form(line, job, cookie) for cookie in job["those"]]
    line.close()
    return {"forms": forms}


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    json.dump(load_forms(asked) if asked["way"] == "forms" else run(asked), sys.stdout)
