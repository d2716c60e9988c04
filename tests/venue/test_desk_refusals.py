"""What a paired phone of ours never sends, and what it sends with a wrong clock: plain refusals (T9 to T12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from flask import Flask

from eventreg.core.errors import Busy, DiskFull
from eventreg.venue import scans
from eventreg.venue.models import Admission, Scan
from eventreg.venue.rules import BATCH_MOST
from tests.rig import sight
from tests.rig.cast import Stage

from .test_desk_requests import a_desk, stage, ticket

__all__ = ["stage"]  # the fixture: C3 organises, everybody has a place


@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer ", "Bearer x", "Basic eDp5", "bearer \xff"])
def test_nothing_but_a_known_bearer_token_is_one(app: Flask, stage: Stage, shown: str) -> None:
    answer = app.test_client().get("/desk/api/state", headers={"Authorization": shown})

    assert answer.status_code == 401


def test_a_batch_above_a_thousand_is_refused_whole(app: Flask, stage: Stage) -> None:
    desk = a_desk(app, stage)

    answers = [desk.scan(*["x"] * n) for n in (BATCH_MOST + 1, BATCH_MOST)]

    assert [a.status_code for a in answers] == [422, 200]
    assert sight.count(app, Scan) == BATCH_MOST


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"[" * 100_000,
        b'{"scans": {}}',
    ],
)
def test_what_is_no_batch_is_refused_plainly(app: Flask, stage: Stage, body: bytes) -> None:
    answer = a_desk(app, stage).ask("POST", "scans", data=body, content_type="application/json")

    assert answer.status_code in {400, 422}
    assert (answer.mimetype, sight.count(app, Scan)) == ("application/problem+json", 0)


def test_a_pairing_nested_without_end_is_no_fault_of_ours(sqlite_app: Flask) -> None:
    """Nobody needs a token to ask for it."""
    answer = sqlite_app.test_client().post(
        "/desk/api/pair", data=b"[" * 100_000, content_type="application/json"
    )

    assert answer.status_code == 400


def test_only_json_of_a_quarter_megabyte_is_read(app: Flask, stage: Stage) -> None:
    desk = a_desk(app, stage)

    wrong = desk.ask("POST", "scans", data=b"{}", content_type="text/plain")
    large = desk.ask("POST", "scans", data=b" " * (256 * 1024 + 1), content_type="application/json")

    assert (wrong.status_code, large.status_code) == (415, 413)


@pytest.mark.parametrize(
    "kind", ["", "application/x-www-form-urlencoded", "multipart/form-data", "text/json"]
)
def test_another_content_type_is_415(app: Flask, stage: Stage, kind: str) -> None:
    answer = a_desk(app, stage).ask("POST", "scans", data=b'{"scans": []}', content_type=kind)

    assert (answer.status_code, answer.mimetype) == (415, "application/problem+json")


SCANS_THAT_ARE_NO_LIST = b'{"scans": {}}'


@pytest.mark.parametrize(
    ("method", "path", "body", "kind", "status", "title", "code"),
    [
        ("POST", "scans", b"{", "application/json", 400, "Bad Request", "request.malformed"),
        ("GET", "nothing", b"", "", 404, "Not Found", "not_found"),
        ("GET", "scans", b"", "", 405, "Method Not Allowed", "request.method"),
        ("POST", "pair", b'{"code": "x"}', "application/json", 410, "Gone", "pairing.dead"),
        ("POST", "scans", b" " * 300_000, "application/json", 413, "", "request.too_large"),
        ("POST", "scans", b"{}", "text/plain", 415, "Unsupported Media Type", "request.not_json"),
        ("POST", "scans", SCANS_THAT_ARE_NO_LIST, "application/json", 422, "", "scan.form"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_an_error_of_the_desk_is_problem_details_with_a_worded_detail(
    app: Flask,
    stage: Stage,
    language: str,
    method: str,
    path: str,
    body: bytes,
    kind: str,
    status: int,
    title: str,
    code: str,
) -> None:
    """RFC 9457: with about:blank the title is HTTP's phrase. Two of the phrases differ between versions of Python."""
    desk = replace(a_desk(app, stage), language=language)
    answer = desk.ask(method, path, data=body, content_type=kind)
    problem = answer.get_json(force=True)

    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert {name: problem[name] for name in ("type", "status", "code")} == {
        "type": "about:blank",
        "status": status,
        "code": code,
    }
    assert problem["title"] == (title or HTTPStatus(status).phrase)
    assert problem["detail"].isascii() == (language == "en")


def test_an_unpaired_phone_is_asked_for_a_bearer_token(app: Flask, stage: Stage) -> None:
    answer = app.test_client().get("/desk/api/state")

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="eventreg"')
    assert answer.get_json(force=True)["code"] == "pairing.no_device"


@pytest.mark.parametrize(
    ("error", "status", "seconds", "code"),
    [
        (Busy("held"), 503, "5", "request.busy"),
        (DiskFull("no room"), 507, "60", "request.disk_full"),
        (RuntimeError("a secret"), 500, None, "request.failed"),
    ],
)
def test_a_phone_is_told_when_to_send_a_batch_again(
    app: Flask,
    stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    seconds: str | None,
    code: str,
) -> None:
    def fail(*_args: object, **_named: object) -> None:
        raise error

    desk = a_desk(app, stage)
    monkeypatch.setattr(scans, "record", fail)
    answer = desk.scan("x")

    assert (answer.status_code, answer.headers.get("Retry-After")) == (status, seconds)
    assert answer.get_json(force=True)["code"] == code
    assert "a secret" not in answer.text


@pytest.mark.parametrize("year", [1970, 2100])
def test_a_phone_with_an_impossible_clock_is_told_and_keeps_its_scan(
    app: Flask, stage: Stage, year: int
) -> None:
    desk, text = a_desk(app, stage), ticket(app, stage, "A1")

    answer = desk.scan(text, at=datetime(year, 1, 1, tzinfo=UTC))

    [result] = answer.get_json()["results"]
    assert (answer.status_code, result["verdict"], result["reason"]) == (200, "refused", "scan.clock")
    assert "手机的时间不对" in result["words"]
    assert (sight.count(app, Scan), sight.count(app, Admission)) == (1, 0)
