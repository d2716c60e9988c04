"""The WSGI app behind granian's RSGI interface: a request takes a thread only once its body is there.

granian's own WSGI interface holds one thread for each body that is still under way, and has no time limit for it: a
thousand visitors who send two bytes and fall silent stop the server. Here one event loop reads all bodies, ends those
that are too slow, and keeps what is large on disk until the app is asked (ADR 38).
"""

from __future__ import annotations

import asyncio
import errno
import sys
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from wsgiref.types import WSGIApplication

from werkzeug.wsgi import FileWrapper

from eventreg.core.clock import utc_now
from eventreg.core.request_start import REQUEST_START
from eventreg.core.retry_after import NO_ROOM_SECONDS, retry_after

Headers = list[tuple[str, str]]
Environ = dict[str, Any]

THREADS = 512  # a worker, made when needed: most of them wait for their turn or for the database's lock
LARGEST_BODY = (
    52 * 1024 * 1024
)  # bytes; twice what any page takes, so that what is a little larger gets its page
IN_MEMORY = 64 * 1024  # bytes of one body; what is larger lies in a file without a name
ON_DISK = 2 * 1024 * 1024 * 1024  # bytes of all bodies that are under way or being worked on, in one worker
SLOWEST = 1000  # bytes a second: a body that brings less over WINDOW seconds is ended
WINDOW = 20.0  # seconds

WHOLE_BY_ITSELF = "application/json"  # what is cut short is no JSON; of other bodies the end has to be known
NO_ROOM_LEFT = {errno.ENOSPC, errno.EDQUOT}
PLAIN: Headers = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Connection", "close"),
]


class BodyDeclined(Exception):
    """The body is not read to its end: the status and the sentence that the client gets."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


CUT_SHORT = "内容没有传完，没有办成任何事。/ The request was cut short. Nothing was done.\n"
NO_LENGTH = "请求没有说明长度。/ A request with a body has to say its length.\n"
DISK_FULL = "服务器的磁盘满了，没有保存。请返回上一页，过一会儿再提交。/ The server's disk is full. Nothing was saved.\n"
TOO_SLOW = "网络太慢，内容没有送到，请换个网络再提交一次。/ What you sent arrived too slowly. Please send it again.\n"
NO_ROOM = (
    "现在上传的人太多，请过一会儿再提交一次。/ Too many uploads at once. Please send it again in a minute.\n"
)


@dataclass(frozen=True, slots=True)
class AppResponse:
    """What the app answers: `body` is bytes, or the path of a file whose content it is."""

    status: int
    headers: Headers
    body: bytes | Path


class OverRsgi:
    """A WSGI app as granian's RSGI workers call it."""

    def __init__(self, app: WSGIApplication, *, threads: int = THREADS) -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._room = ON_DISK

    async def __call__(self, scope: Any, protocol: Any) -> None:
        """Read the body, ask the app in a thread of its own, send what it answers."""
        environ = environ_of(scope)
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
            try:
                taken = await self._read(protocol, environ, body)
            except BodyDeclined as no:
                later = retry_after(NO_ROOM_SECONDS).items() if no.status >= 500 else ()
                protocol.response_str(no.status, [*PLAIN, *later], no.sentence)
                return
            try:
                loop = asyncio.get_running_loop()
                _send(protocol, await loop.run_in_executor(self._threads, self._answer, environ))
            finally:
                self._room += taken

    async def _read(self, protocol: Any, environ: Environ, body: IO[bytes]) -> int:
        """Read the body into `body` and note it in `environ`; how many bytes of the disk's room it takes.

        A body over LARGEST_BODY is not read on: the app sees its length and refuses it. Raises BodyDeclined, also
        where the sender went away before all of it was there: granian then ends the body as if it were whole.
        """
        environ["wsgi.input"] = body
        declared = environ.get("CONTENT_LENGTH")
        if declared is None and "HTTP_TRANSFER_ENCODING" not in environ:
            return 0
        if declared is not None and not 0 < int(declared) <= LARGEST_BODY:
            return 0
        if declared is None and not environ.get("CONTENT_TYPE", "").startswith(WHOLE_BY_ITSELF):
            raise BodyDeclined(411, NO_LENGTH)
        try:
            taken = await self._collect(protocol, body)
        except TimeoutError:
            raise BodyDeclined(408, TOO_SLOW) from None
        except OSError as error:
            if error.errno in NO_ROOM_LEFT:
                raise BodyDeclined(507, DISK_FULL) from None
            raise
        if declared is not None and body.tell() != int(declared):
            self._room += taken
            raise BodyDeclined(400, CUT_SHORT)
        environ["CONTENT_LENGTH"] = str(body.tell())
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        body.seek(0)
        return taken

    async def _collect(self, protocol: Any, body: IO[bytes]) -> int:
        """Write the chunks as they come; the bytes that count against the room on disk, given back on failure."""
        loop, taken, lately = asyncio.get_running_loop(), 0, 0
        try:
            async with asyncio.timeout(WINDOW) as limit:
                async for chunk in protocol:
                    body.write(chunk)
                    if body.tell() > IN_MEMORY:
                        taken += self._take(len(chunk))
                    lately += len(chunk)
                    if lately >= SLOWEST * WINDOW:
                        lately = 0
                        limit.reschedule(loop.time() + WINDOW)
                    if body.tell() > LARGEST_BODY:
                        break
        except BaseException:
            self._room += taken
            raise
        return taken

    def _take(self, size: int) -> int:
        if self._room < size:
            raise BodyDeclined(503, NO_ROOM)
        self._room -= size
        return size

    def _answer(self, environ: Environ) -> AppResponse:
        """Ask the app, in a thread."""
        begun: list[tuple[str, Headers]] = []

        def start_response(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
            begun[:] = [(status, headers)]
            return _no_write

        result = self._app(environ, start_response)
        try:
            body = _whole(result)
            status, headers = begun[0]
            return AppResponse(int(status.split(" ", 1)[0]), headers, body)
        finally:
            if hasattr(result, "close"):
                result.close()


def environ_of(scope: Any) -> Environ:
    """The WSGI environ (PEP 3333) of an RSGI scope, without its body; it says when the request began."""
    server, _, port = scope.server.rpartition(":")
    environ: Environ = {
        REQUEST_START: utc_now(),
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
    for name, value in scope.headers.items():
        if "_" in name:  # would be taken for the header with a hyphen: a client could speak for its proxy
            continue
        key = name.upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        parted = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{parted}{value}" if key in environ else value
    if scope.authority:
        environ.setdefault("HTTP_HOST", scope.authority)
    return environ


def _whole(result: Iterable[bytes]) -> bytes | Path:
    """All that the app answers; of a stored file its path, so that it is never held in memory for a slow reader."""
    if isinstance(result, FileWrapper) and isinstance(name := getattr(result.file, "name", None), str):
        return Path(name)
    return b"".join(result)


def _send(protocol: Any, answer: AppResponse) -> None:
    if isinstance(answer.body, Path):
        protocol.response_file(answer.status, answer.headers, str(answer.body))
    else:
        protocol.response_bytes(answer.status, answer.headers, answer.body)


def _no_write(_content: bytes) -> None:
    """What PEP 3333 calls `write`, from before apps returned what they answer: ours has no use for it."""
    raise NotImplementedError
