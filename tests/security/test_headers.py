"""The security headers stand on every answer, errors and files included (D13, T34, T35)."""

from __future__ import annotations

import gzip

import pytest
from flask import Blueprint, Flask
from werkzeug.test import TestResponse

from eventreg.web.app import gate
from tests.security.matrix import GETS, POSTS, Row
from tests.security.world import World, csrf_of

ALWAYS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

FILES = [row for row in GETS if row.rule.startswith(("/static/", "/style.css"))]  # kept for a year
PICTURES = "/campaigns/<slug>/files/"  # kept for a day

# The scanner asks for the camera; its worker, and nothing else, compiles WebAssembly.
OF_THE_DESK = {
    "/desk": {"Permissions-Policy": "camera=(self), microphone=(), geolocation=()"},
    "/desk/worker.js": {
        "Content-Security-Policy": ALWAYS["Content-Security-Policy"]
        + "; script-src 'self' 'wasm-unsafe-eval'"
    },
}


@pytest.fixture
def broken(sqlite_app: Flask) -> World:
    """A product with one route that raises and one that nobody guards."""
    world = World(sqlite_app, lambda: None)
    for name in ("raising", "unguarded"):
        blueprint = Blueprint(name, __name__)
        blueprint.add_url_rule(f"/{name}", "page", _raise)
        if name == "raising":
            gate.guarded(world.app, blueprint, gate.anyone)
        else:
            world.app.register_blueprint(blueprint)
    return world


def _raise() -> str:
    raise ZeroDivisionError("a secret of the inside")


def _said(answer: TestResponse) -> dict[str, str | None]:
    return {name: answer.headers.get(name) for name in ALWAYS}


@pytest.mark.parametrize("viewpoint", ["anonymous", "employee", "unit_contact"])
def test_every_page_has_the_headers(whole_world: World, viewpoint: str) -> None:
    wrong, client = {}, whole_world.client(viewpoint)
    for row in GETS:
        answer = client.get(whole_world.filled(row.sample), buffered=True)
        given = row.rule.endswith("/files/<file_id>") and answer.status_code == 200
        sandbox = {"Content-Security-Policy": "sandbox"} if given else {}  # ours stands beside it
        if _said(answer) != ALWAYS | OF_THE_DESK.get(row.rule, {}) | sandbox:
            wrong[str(row)] = _said(answer)

    assert wrong == {}


def test_no_page_is_stored_by_anybody(whole_world: World) -> None:
    """Pictures of published campaigns are no pages: their addresses never stand for another content (ADR 53)."""
    wrong, client = {}, whole_world.client("employee")
    for row in (row for row in GETS if row not in FILES and not row.rule.startswith(PICTURES)):
        headers = client.get(whole_world.filled(row.sample), buffered=True).headers
        told_apart_by = "Authorization" if row.rule.startswith(("/api/", "/desk/api/")) else "Cookie"
        if headers["Cache-Control"] != "no-store" or told_apart_by not in headers["Vary"]:
            wrong[str(row)] = headers["Cache-Control"], headers["Vary"]

    assert wrong == {}


def test_every_refused_form_has_the_headers(whole_world: World) -> None:
    client = whole_world.client("employee")
    answers = {str(row): client.post(whole_world.filled(row.sample)) for row in POSTS}

    assert {row: (answer.status_code, _said(answer)) for row, answer in answers.items()} == dict.fromkeys(
        answers, (400, ALWAYS)
    )


@pytest.mark.parametrize(
    ("status", "method", "path", "headers"),
    [
        (400, "GET", "/", {"Host": "evil.example"}),
        (400, "POST", "/language", {}),
        (403, "GET", "/unguarded", {}),
        (404, "GET", "/nowhere", {}),
        (404, "GET", "/static/nowhere.css", {}),
        (404, "GET", "/static/../app.py", {}),
        (405, "DELETE", "/my", {}),
        (405, "POST", "/static/css/base.css", {}),
        (500, "GET", "/raising", {}),
    ],
)
def test_every_error_has_the_headers(
    broken: World, status: int, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = broken.client("anonymous").open(path, method=method, headers=headers)

    assert (answer.status_code, _said(answer), answer.headers["Cache-Control"]) == (
        status,
        ALWAYS,
        "no-store",
    )


def test_too_large_a_form_has_the_headers(broken: World) -> None:
    client = broken.client("anonymous")
    form = {"csrf_token": csrf_of(client), "identifier": "x" * 2_000_000}

    answer = client.post("/sign-in", data=form)

    assert (answer.status_code, _said(answer)) == (413, ALWAYS)


def test_an_error_shows_nothing_of_the_inside(broken: World) -> None:
    page = broken.client("anonymous").get("/raising").text

    assert [word in page for word in ("secret of the inside", "ZeroDivision", "Traceback", "SELECT")] == [
        False
    ] * 4


def test_405_says_what_is_allowed(broken: World) -> None:
    answer = broken.client("anonymous").delete("/healthz")

    assert {"GET", "HEAD", "OPTIONS"} == set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize("path", ["/", "/nowhere", "/static/css/base.css"])
def test_https_is_remembered_for_a_year_where_there_is_https(https_world: World, path: str) -> None:
    answer = https_world.client("anonymous").get(path, base_url="https://events.example.cn", buffered=True)

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_plain_http_promises_no_https(whole_world: World) -> None:
    answer = whole_world.client("anonymous").get("/")

    assert "Strict-Transport-Security" not in answer.headers


def test_a_marked_static_file_may_be_kept(whole_world: World) -> None:
    answer = whole_world.client("anonymous").get("/static/css/base.css?v=1", buffered=True)

    assert "max-age=31536000" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("row", FILES, ids=str)
def test_our_files_are_kept_for_a_year_and_asked_for_once(whole_world: World, row: Row) -> None:
    client = whole_world.client("employee")
    first = client.get(row.sample, headers={"Accept-Encoding": "gzip"}, buffered=True)
    known = {"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]}
    again = client.get(row.sample, headers=known, buffered=True)

    assert (first.status_code, first.headers["Cache-Control"]) == (200, "max-age=31536000, public")
    assert (first.headers["Content-Encoding"], first.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("row", FILES, ids=str)
def test_a_squeezed_file_is_the_file(whole_world: World, row: Row) -> None:
    client = whole_world.client("anonymous")
    plain = client.get(row.sample, buffered=True)
    squeezed = client.get(row.sample, headers={"Accept-Encoding": "gzip"}, buffered=True)

    assert plain.headers.get("Content-Encoding") is None
    assert gzip.decompress(squeezed.data) == plain.data
    assert len(squeezed.data) < len(plain.data)


def test_no_page_is_squeezed(whole_world: World) -> None:
    """A page holds a secret beside what others typed: its squeezed length would tell of it."""
    answer = whole_world.client("employee").get("/my", headers={"Accept-Encoding": "gzip"})

    assert answer.headers.get("Content-Encoding") is None
