"""Bodies read with a time limit, before a request takes a thread; what granian says becomes a WSGI environ."""

from __future__ import annotations

import asyncio
import errno
import io
import threading
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from werkzeug.wsgi import FileWrapper

from eventreg.serving import rsgi
from eventreg.serving.rsgi import OverRsgi, environ_of
from tests.rig import loops

LENGTH = "content-length"
JSON = ("content-type", "application/json")


class Connection:
    """What granian hands over for one request: chunks that come one by one, and the answer that goes out."""

    def __init__(self, chunks: Iterable[bytes] = (), *, pause: float = 0.0) -> None:
        self.chunks, self.pause = chunks, pause
        self.status, self.headers, self.body = 0, list[tuple[str, str]](), b""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            yield chunk
            await asyncio.sleep(self.pause)

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    def response_str(self, status: int, headers: list[tuple[str, str]], body: str) -> None:
        self.response_bytes(status, headers, body.encode())

    def response_file(self, status: int, headers: list[tuple[str, str]], path: str) -> None:
        self.response_bytes(status, headers, Path(path).read_bytes())


def scope(*headers: tuple[str, str], method: str = "POST", path: str = "/sign-in", **more: Any) -> Any:
    """A request's head as granian describes it."""
    given = {
        "server": "127.0.0.1:8000",
        "client": "10.0.0.7:4711",
        "scheme": "http",
        "http_version": "1.1",
        "query_string": "a=%E5%BC%A0",
        "authority": None,
    }
    items = SimpleNamespace(items=lambda: list(headers))
    return SimpleNamespace(method=method, path=path, headers=items, **{**given, **more})


def echo(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Answers what was sent, with its length as it was told."""
    start_response("200 OK", [("X-Length", environ.get("CONTENT_LENGTH", ""))])
    return [environ["wsgi.input"].read()]


def ask(app: OverRsgi, connection: Connection, *headers: tuple[str, str], **more: Any) -> Connection:
    """One request from its head to its answer."""
    loops.run(app(scope(*headers, **more), connection))
    return connection


@pytest.fixture
def short_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rsgi, "WINDOW", 0.3)  # so that 300 bytes must come in it


def test_a_head_becomes_an_environ() -> None:
    headers = [("host", "a.cn"), ("cookie", "a=1"), ("cookie", "b=2"), ("x-way", "1"), ("x-way", "2")]
    environ = environ_of(scope(*headers, ("content-type", "text/x"), path="/员工", client="[::1]:9"))

    told = {name: environ.get(name) for name in ("PATH_INFO", "REMOTE_ADDR", "HTTP_HOST", "CONTENT_TYPE")}
    assert told == {
        "PATH_INFO": "/员工".encode().decode("latin-1"),
        "REMOTE_ADDR": "::1",
        "HTTP_HOST": "a.cn",
        "CONTENT_TYPE": "text/x",
    }
    assert (environ["HTTP_COOKIE"], environ["HTTP_X_WAY"]) == ("a=1; b=2", "1,2")
    assert (environ["SERVER_NAME"], environ["SERVER_PORT"]) == ("127.0.0.1", "8000")


@pytest.mark.parametrize("size", [5, rsgi.IN_MEMORY, rsgi.IN_MEMORY + 1, 1_000_000])
def test_a_body_is_there_before_the_app_is_asked(size: int) -> None:
    chunks = [b"x" * min(40_000, size - at) for at in range(0, size, 40_000)]
    answer = ask(OverRsgi(echo), Connection(chunks), (LENGTH, str(size)))

    assert (answer.status, answer.headers, len(answer.body)) == (200, [("X-Length", str(size))], size)


def test_a_body_in_pieces_of_unknown_number_gets_its_length() -> None:
    answer = ask(OverRsgi(echo), Connection([b"ab", b"c"]), ("transfer-encoding", "chunked"), JSON)

    assert (answer.headers, answer.body) == ([("X-Length", "3")], b"abc")


def test_a_silent_body_is_ended_and_takes_no_thread(short_window: None) -> None:
    asked: list[str] = []

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        asked.append(environ["PATH_INFO"])
        return echo(environ, start_response)

    answer = ask(OverRsgi(app), Connection([b"ab", b"c"], pause=2), (LENGTH, "1000"))

    assert answer.status == 408
    assert ("Connection", "close") in answer.headers
    assert asked == []


@pytest.mark.parametrize(("chunk", "status"), [(200, 200), (20, 408)], ids=["slow", "too slow"])
def test_a_body_must_bring_a_thousand_bytes_a_second(short_window: None, chunk: int, status: int) -> None:
    """A piece each tenth of a second, for longer than the window: 2,000 bytes a second, and 200."""
    size = chunk * 8
    answer = ask(OverRsgi(echo), Connection([b"x" * chunk] * 8, pause=0.1), (LENGTH, str(size)))

    assert answer.status == status


@pytest.mark.parametrize("came", [b"", b"identifier=HC00", b"x" * 999], ids=len)
def test_a_body_that_breaks_off_reaches_no_app(came: bytes) -> None:
    """A phone that loses its network in the middle of a save: granian ends such a body as if it were whole."""
    asked: list[str] = []

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        asked.append(environ["PATH_INFO"])
        return echo(environ, start_response)

    answer = ask(OverRsgi(app), Connection([came] if came else []), (LENGTH, "1000"))

    assert (answer.status, asked) == (400, [])


def test_a_form_without_a_length_is_not_taken() -> None:
    """Nobody could tell whether all of it came; cut JSON is no JSON."""
    answer = ask(OverRsgi(echo), Connection([b"a=1"]), ("transfer-encoding", "chunked"))

    assert answer.status == 411


def test_a_header_with_an_underscore_is_not_taken_for_another() -> None:
    environ = environ_of(
        scope(("x-forwarded-for", "9.9.9.9"), ("x_forwarded_for", "6.6.6.6"), ("content_length", "abc"))
    )

    assert environ["HTTP_X_FORWARDED_FOR"] == "9.9.9.9"
    assert "CONTENT_LENGTH" not in environ


def test_a_full_disk_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    class FullDisk(io.BytesIO):
        def __init__(self, _in_memory: int) -> None:
            super().__init__()

        def write(self, _content: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tempfile.SpooledTemporaryFile", FullDisk)
    answer = ask(OverRsgi(echo), Connection([b"abc"]), (LENGTH, "3"))

    assert answer.status == 507
    assert ("Retry-After", "60") in answer.headers
    assert "磁盘满了" in answer.body.decode()


def test_a_body_beyond_all_pages_is_not_read() -> None:
    answer = ask(OverRsgi(echo), Connection([b"never read"]), (LENGTH, str(rsgi.LARGEST_BODY + 1)))

    assert (answer.headers, answer.body) == ([("X-Length", str(rsgi.LARGEST_BODY + 1))], b"")


def test_a_body_that_goes_on_and_on_is_cut_where_no_page_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rsgi, "LARGEST_BODY", 1000)
    answer = ask(OverRsgi(echo), Connection([b"x" * 600] * 50), ("transfer-encoding", "chunked"), JSON)

    assert answer.headers == [("X-Length", "1200")]


def test_bodies_share_a_bounded_room_on_disk_and_give_it_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rsgi, "ON_DISK", 250_000)
    app, size = OverRsgi(echo), (LENGTH, "200000")
    half = [b"x" * 100_000] * 2

    async def two_at_once() -> list[int]:
        both = [Connection(half, pause=0.05), Connection(half, pause=0.05)]
        await asyncio.gather(*(app(scope(size), one) for one in both))
        return sorted(one.status for one in both)

    assert loops.run(two_at_once()) == [200, 503]
    assert ask(app, Connection(half), size).status == 200


def test_a_stored_file_is_sent_from_the_disk_and_closed(tmp_path: Path) -> None:
    path = tmp_path / "deed.pdf"
    path.write_bytes(b"%PDF")
    files: list[io.BufferedReader] = []

    def app(environ: dict[str, Any], start_response: Any) -> FileWrapper:
        files.append(path.open("rb"))
        start_response("200 OK", [])
        return FileWrapper(files[-1])

    answer = ask(OverRsgi(app), Connection(), method="GET")

    assert answer.body == b"%PDF"
    assert files[0].closed is True


def test_requests_are_answered_side_by_side() -> None:
    """One that waits for a lock keeps nobody from an answer."""
    go = threading.Event()

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/waits":
            go.wait(10)
        else:
            go.set()
        start_response("200 OK", [])
        return [b""]

    async def both() -> list[int]:
        served, asked = OverRsgi(app), [Connection(), Connection()]
        paths = ("/waits", "/goes")
        tasks = (served(scope(method="GET", path=p), c) for p, c in zip(paths, asked, strict=True))
        await asyncio.gather(*tasks)
        return [connection.status for connection in asked]

    assert loops.run(both()) == [200, 200]
