"""A relay between browsers and a server on loopback, which can cut answers off or replace them."""

from __future__ import annotations

import contextlib
import http.client
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# What may happen to a request: passed on (""), not passed on ("down"), worked on but its answer lost ("cut"),
# or answered by the relay itself or only in part ("503", "redirect", "half").
Fate = Callable[[str], str]


def passed_on(_path: str) -> str:
    """Every request is passed on."""
    return ""


class Relay:
    """Listens at `port` and passes requests on to `target`, a port that may change; `fate` decides about each."""

    def __init__(self, target: int, port: int = 0) -> None:
        self.target = target
        self.fate: Fate = passed_on
        self.seen: list[tuple[str, str, str]] = []  # method, path, fate
        relay = self

        class Handler(_Handler):
            owner = relay

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)


class _Handler(BaseHTTPRequestHandler):
    owner: Relay
    timeout = 20

    def log_message(self, *_given: Any) -> None:
        """Nothing is printed."""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fate = self.owner.fate(self.path)
        self.owner.seen.append((self.command, self.path, fate))
        self.close_connection = True
        if fate == "503":
            self._say(503, [("Content-Type", "text/plain")], b"busy")
        elif fate == "redirect":
            self._say(302, [("Location", "/")], b"")
        elif fate != "down":
            with contextlib.suppress(OSError, http.client.HTTPException):  # down: the connection is closed
                status, headers, content = self._asked(body)
                if fate != "cut":
                    self._say(status, headers, content, half=fate == "half")

    def _asked(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.owner.target, timeout=20)
        try:
            line.request(self.command, self.path, body, dict(self.headers.items()))
            answer = line.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            line.close()

    def _say(
        self, status: int, headers: list[tuple[str, str]], content: bytes, *, half: bool = False
    ) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in {"connection", "content-length", "transfer-encoding"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        with contextlib.suppress(OSError):  # the browser left
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if half else content)
