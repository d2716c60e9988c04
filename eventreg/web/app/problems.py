"""Errors for programs and paired phones: RFC 9457 problem details with our refusal code.

The API and the desk answer every error through `answer`. `type` is about:blank, so `title` is HTTP's phrase for the
status; `detail` is our sentence in the language of Accept-Language; `code` is what a program branches on.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import make_response, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from eventreg.core.db.errors import find_busy
from eventreg.core.db.session import db
from eventreg.core.errors import Busy, DiskFull, NotFound, Refused
from eventreg.core.retry_after import NO_ROOM_SECONDS, PROGRAM_SECONDS, retry_after
from eventreg.words import refusals

log = logging.getLogger("eventreg.web")

MEDIA_TYPE = "application/problem+json"
BEARER = 'Bearer realm="eventreg"'  # RFC 9110, 11.5: a realm is sent as a quoted string
# The status of a refusal; any other is 409.
STATUS_OF_CODE = {
    "pairing.no_device": 401,
    "request.scope_missing": 403,
    "not_found": 404,
    "pairing.dead": 410,
    "registration.left": 422,
    "request.other_body": 422,
    "scan.form": 422,
    "scan.too_many": 422,
    "typed.marks": 422,
}
# The code of an error that HTTP itself names.
CODE_OF_STATUS = {
    400: "request.malformed",
    401: "request.no_token",
    403: "request.scope_missing",
    404: "not_found",
    405: "request.method",
    413: "request.too_large",
    415: "request.not_json",
    422: "request.invalid",
    429: "request.too_many",
    503: "request.busy",
    507: "request.disk_full",
}
KNOWN = frozenset(refusals.SENTENCES)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field; `path` names it, as in "answers.phone"."""

    path: str
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


class Unfit(Exception):
    """The body is JSON, but its content cannot be accepted: 422, with one fault a field."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__()
        self.faults = list(faults)


def answer(error: Exception) -> Response:
    """Roll back and answer any error with problem details; an error of our own is logged with its traceback."""
    db.session.rollback()
    if isinstance(error, Unfit):
        return _unfit(error.faults)
    if isinstance(error, NotFound):
        return problem(404, "not_found")
    if isinstance(error, Refused):
        return problem(STATUS_OF_CODE.get(error.code, 409), error.code, error.facts)
    if isinstance(error, HTTPException):
        return _http(error)
    if trouble := find_busy(error):
        return _later(trouble)
    return problem(500, "request.failed", request_id=note_broken(error))


def problem(
    status: int,
    code: str,
    facts: Mapping[str, object] | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    **more: object,
) -> Response:
    """One answer of problem details."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": refusals.say(code, facts or {}),
        "code": code,
        **more,
    }
    told = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")  # a field's name may be anything
    made = make_response(told, status, dict(headers or {}))
    made.content_type = MEDIA_TYPE
    if status == 401:
        made.headers["WWW-Authenticate"] = BEARER
    return made


def _later(trouble: Busy) -> Response:
    """Nothing was written; the client may try again."""
    status, seconds = (507, NO_ROOM_SECONDS) if isinstance(trouble, DiskFull) else (503, PROGRAM_SECONDS)
    return problem(status, CODE_OF_STATUS[status], headers=retry_after(seconds))


def note_broken(error: Exception) -> str:
    """Log an error of our own with its traceback; returns the id by which it is found in the log."""
    request_id = secrets.token_hex(4)
    log.error("web.broken", exc_info=error, extra={"request_id": request_id, "path": request.path})
    return request_id


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    status = error.code or 500
    if status == 422:
        messages = getattr(error, "data", {}).get("messages", {})
        return _unfit([fault for part in messages.values() for fault in _faults(part)])
    headers = {name: value for name, value in error.get_headers() if name == "Allow"}
    if status in {429, 503}:
        headers |= retry_after(PROGRAM_SECONDS)
    return problem(status, CODE_OF_STATUS.get(status, "request.failed"), headers=headers)


def _unfit(faults: list[Fault]) -> Response:
    """422; its code is that of the faults if they all have the same one, else request.invalid."""
    codes = {fault.code for fault in faults}
    code, facts = (faults[0].code, faults[0].facts) if len(codes) == 1 else (CODE_OF_STATUS[422], {})
    errors = [
        {"field": one.path, "code": one.code, "detail": refusals.say(one.code, one.facts)} for one in faults
    ]
    return problem(422, code, facts, errors=errors)


def _faults(messages: Any, path: tuple[str, ...] = ()) -> Iterator[Fault]:
    """Marshmallow's messages as faults, one a field; the messages of our schemas are refusal codes."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            inside = () if name in {"key", "value", "_schema"} else (str(name),)
            yield from _faults(inner, (*path, *inside))
        return
    code = messages[0] if messages[0] in KNOWN else "request.wrong_type"
    yield Fault(".".join(path), code)
