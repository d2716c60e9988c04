"""Every error under /api is problem details, in the language of Accept-Language."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from eventreg.core.clock import utc_now
from eventreg.core.errors import Busy
from eventreg.registrations import service
from tests.rig import cast

from .program import REGISTRATIONS, Program, token_for

ONE = "/api/v1/campaigns/outing"
BODY = {"staff_no": "A1", "answers": {}}


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "code"),
    [
        ("POST", REGISTRATIONS, {"Content-Type": "application/json"}, 400, "request.malformed"),
        ("GET", "/api/v1/campaigns/%00", {}, 400, "request.malformed"),
        ("GET", ONE, {"Host": "evil.example"}, 400, "request.malformed"),
        ("GET", ONE, {"Authorization": "Bearer x"}, 401, "request.no_token"),
        ("GET", "/api/v1/nothing", {}, 404, "not_found"),
        ("GET", "/api/v1/campaigns/nothing", {}, 404, "not_found"),
        ("PUT", ONE, {}, 405, "request.method"),
        ("POST", REGISTRATIONS, {}, 415, "request.not_json"),
        ("POST", REGISTRATIONS, {"Content-Type": "text/plain"}, 415, "request.not_json"),
    ],
)
def test_http_s_own_errors(
    program: Program, method: str, path: str, headers: dict[str, str], status: int, code: str
) -> None:
    answer = program.ask(method, path, headers=headers)
    told = answer.get_json(force=True)

    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert (told["status"], told["code"]) == (status, code)
    assert told["detail"].isascii()
    assert "Set-Cookie" not in answer.headers


def test_405_names_the_methods(program: Program) -> None:
    answers = [program.ask("PATCH", path) for path in (ONE, REGISTRATIONS, "/api/v1/registrations/1")]

    assert [sorted(a.headers["Allow"].split(", ")) for a in answers] == [
        ["GET", "HEAD", "OPTIONS"],
        ["GET", "HEAD", "OPTIONS", "POST"],
        ["DELETE", "OPTIONS"],
    ]


@pytest.mark.parametrize("raw", [b"{", b"\xff", b"[" * 20_000, b"1" * 5_000, b'{"staff_no": "\xff"}'])
def test_what_is_no_json_is_400(program: Program, raw: bytes) -> None:
    headers = {"Authorization": f"Bearer {program.token}"}
    answer = program.app.test_client().post(
        REGISTRATIONS, data=raw, content_type="application/json", headers=headers
    )

    assert (answer.status_code, answer.get_json(force=True)["code"]) == (400, "request.malformed")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"answers": {"\ud800": "x"}}, "answer.unknown_question"),
        ({"\ud800": 1}, "request.unknown_field"),
        ({"staff_no": "A\ud8001"}, "people.staff_no_form"),
    ],
)
def test_half_of_a_surrogate_pair_is_said_to_be_wrong(program: Program, more: Any, code: str) -> None:
    """JSON can spell what UTF-8 cannot hold; the answer that names it has to."""
    answer = program.ask("POST", REGISTRATIONS, BODY | more, key="k")

    assert (answer.status_code, answer.get_json(force=True)["code"]) == (422, code)


def test_a_large_body_is_413(program: Program) -> None:
    answers = [program.register("A1", answers={"remark": "x" * size}) for size in (33_000, 2_000_000)]

    assert [(a.status_code, a.get_json(force=True)["code"]) for a in answers] == [
        (413, "request.too_large")
    ] * 2


def test_a_refusal_is_409_with_its_code_in_two_languages(app: Flask) -> None:
    cast.set_stage(app, now=utc_now() - cast.UNTIL_CLOSED - timedelta(minutes=1))
    program = Program(app, token_for(app, "registrations"))
    answers = [
        program.ask("POST", REGISTRATIONS, BODY, headers={"Accept-Language": language})
        for language in ("en", "zh-CN,en;q=.5")
    ]
    told = [a.get_json(force=True) for a in answers]

    assert [(a.status_code, t["code"]) for a, t in zip(answers, told, strict=True)] == [
        (409, "registration.closed")
    ] * 2
    assert [t["detail"].isascii() for t in told] == [True, False]


def test_busy_is_503_with_retry_after(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "register", _raise(Busy("full")))
    answer = program.register("A1")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.get_json(force=True)["code"] == "request.busy"


def test_our_fault_is_500_and_tells_nothing_of_the_inside(
    program: Program, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(service, "register", _raise(RuntimeError("a secret")))
    answer = program.register("A1")

    assert (answer.status_code, answer.get_json(force=True)["code"]) == (500, "request.failed")
    assert "a secret" not in answer.text
    assert "a secret" in caplog.text


def _raise(error: Exception) -> object:
    def fail(*_args: object, **_named: object) -> None:
        raise error

    return fail
