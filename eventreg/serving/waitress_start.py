"""waitress, whose requests know when they began: a deadline counts from a request's first byte."""

from __future__ import annotations

from typing import Any

from flask import Flask
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer, create_server
from waitress.task import WSGITask

from eventreg.core.clock import utc_now
from eventreg.core.request_start import REQUEST_START

WAITRESS: dict[str, Any] = {
    "threads": 16,
    "connection_limit": 8192,  # as many as one of granian's workers takes
    "asyncore_use_poll": True,
    "channel_timeout": 30,
    # Twice what any page takes: what is a little larger gets its page.
    "max_request_body_size": 52 * 1024 * 1024,
    "ident": None,
}


class DatedParser(HTTPRequestParser):
    """waitress makes one at a request's first byte, and calls us when the last one is there."""

    def __init__(self, adj: Any) -> None:
        super().__init__(adj)  # type: ignore[no-untyped-call]
        self.began = utc_now()


class DatedTask(WSGITask):
    """Passes on when its request began."""

    def get_environment(self) -> dict[str, Any]:
        """The WSGI environ."""
        environ: dict[str, Any] = super().get_environment()  # type: ignore[no-untyped-call]
        return environ | {REQUEST_START: self.request.began}


class DatedChannel(HTTPChannel):
    """A connection whose requests know when they began."""

    parser_class, task_class = DatedParser, DatedTask


def with_waitress(app: Flask, *, host: str, port: int) -> Any:
    """A server of waitress on every address of this host. Raises OSError where it cannot be had."""
    sockets: dict[int, Any] = {}
    server = create_server(app, sockets, host=host, port=port, **WAITRESS)
    for listening in sockets.values():
        if isinstance(listening, BaseWSGIServer):
            listening.channel_class = DatedChannel
    return server
