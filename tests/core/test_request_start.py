"""A request began with its first byte: an upload over a slow line is judged by when it was begun."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import Flask, request
from waitress.server import create_server

from eventreg.core.clock import utc_now
from eventreg.core.request_start import request_started_at
from eventreg.serving.server import pace_requests
from eventreg.serving.waitress_start import WAITRESS, with_waitress

HEAD = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"


def telling() -> Flask:
    """An app that answers when a request began."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=_tell, methods=["POST"])
    return app


def _tell() -> str:
    request.get_data()
    return request_started_at(request.environ, now=utc_now()).isoformat()


def _dated(app: Flask) -> Any:
    return with_waitress(app, host="127.0.0.1", port=0)


def _plain(app: Flask) -> Any:
    return create_server(app, host="127.0.0.1", port=0, **WAITRESS)


@contextmanager
def serving(make: Callable[[Flask], Any]) -> Iterator[int]:
    """The app on a free port, until the end of the block."""
    app = telling()
    pace_requests(app)
    server = make(app)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield int(server.effective_port)
    finally:
        server.close()
        thread.join(timeout=10)


def _upload(port: int) -> tuple[datetime, datetime]:
    """When a request began by what it is answered, and when its body set out: after the server said go on."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line, line.makefile("rb") as answer:
        line.sendall(HEAD)
        assert answer.readline() == b"HTTP/1.1 100 Continue\r\n"
        set_out = utc_now()
        line.sendall(b"body")
        return datetime.fromisoformat(answer.read().rpartition(b"\r\n\r\n")[2].decode()), set_out


def test_a_request_began_before_its_body_set_out() -> None:
    with serving(_dated) as port:
        began_at, set_out = _upload(port)

    assert began_at <= set_out


def test_a_server_that_notes_nothing_is_caught() -> None:
    with serving(_plain) as port:
        began_at, set_out = _upload(port)

    assert began_at > set_out
